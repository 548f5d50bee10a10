using System;
using System.Collections.Generic;
using System.Security;

namespace HaloDBIntegrator.Scheduling;

/// <summary>The Task Scheduler, as far as it is needed: the tasks in the folder of this product.</summary>
public interface ITaskScheduler
{
    /// <summary>Every task in the folder; none where there is no folder.</summary>
    IReadOnlyList<ScheduledTask> List();

    /// <summary>Makes or replaces a task.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="xml">What it is.</param>
    /// <param name="account">Whom it runs as.</param>
    /// <param name="password">The account's password where it needs one.</param>
    void Register(string name, string xml, TaskAccount account, SecureString? password);

    /// <summary>Starts a task now.</summary>
    /// <param name="name">Its name.</param>
    void Start(string name);

    /// <summary>Removes a task.</summary>
    /// <param name="name">Its name.</param>
    void Remove(string name);
}

/// <summary>Whom a task runs as.</summary>
public sealed class TaskAccount
{
    /// <summary>The account's name, or its SID where it is a built-in one.</summary>
    public string UserId { get; set; } = "";

    /// <summary>service (built in), managed (a gMSA) or password.</summary>
    public string Kind { get; set; } = "service";
}

/// <summary>A task as the scheduler has it.</summary>
public sealed class ScheduledTask
{
    /// <summary>Its name in the folder.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it is.</summary>
    public string Xml { get; set; } = "";

    /// <summary>Ready, Running, Disabled, Queued or Unknown.</summary>
    public string State { get; set; } = "";

    /// <summary>The exit code of its last run.</summary>
    public int LastResult { get; set; }

    /// <summary>When it ran last; null when it never did.</summary>
    public DateTime? LastRun { get; set; }

    /// <summary>When it runs next; null when it never will.</summary>
    public DateTime? NextRun { get; set; }
}
