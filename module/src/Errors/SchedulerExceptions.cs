namespace HaloDBIntegrator.Errors;

/// <summary>There is no Task Scheduler here.</summary>
public sealed class SchedulerUnavailableException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    public SchedulerUnavailableException()
        : base("Scheduled tasks need Windows.", "SchedulerUnavailable", "config", "Write the XML with Register-HaloSyncTask -AsXml and import it on Windows.", exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>The Task Scheduler refused.</summary>
public sealed class SchedulerRefusedException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="what">What was asked of it.</param>
    /// <param name="said">What it said.</param>
    public SchedulerRefusedException(string what, string said)
        : base($"The Task Scheduler refused to {what}: {said.TrimEnd()}", "SchedulerRefused", "permission", "Run PowerShell as administrator, and check that the account exists and may log on as a batch job.", exitCode: 2)
    {
    }
}

/// <summary>The account needs a password.</summary>
public sealed class TaskPasswordException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    /// <param name="account">The account.</param>
    public TaskPasswordException(string account)
        : base($"A task for {account} needs its password.", "TaskPassword", "config", "Give it with -Credential, or use an account without a password: a gMSA (DOMAIN\\name$), SYSTEM, LOCAL SERVICE.", exitCode: 2)
    {
    }
}

/// <summary>No task fits what was given.</summary>
public sealed class TaskNotFoundException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    /// <param name="given">What was given to choose by.</param>
    public TaskNotFoundException(string given)
        : base($"There is no scheduled task for \"{given}\".", "TaskNotFound", "config", "List the tasks with Get-HaloSyncTask.", exitCode: 2)
    {
    }
}

/// <summary>Something was to be done with tasks, and none was named.</summary>
public sealed class TaskNotNamedException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    public TaskNotNamedException()
        : base("No task was named.", "Usage", "config", "Give its -Name, the folder of its instance with -ConfigPath, or a folder of instances with -Path; * is every task.", exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>Tasks were to be registered, and no instance was named.</summary>
public sealed class InstanceNotNamedException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    public InstanceNotNamedException()
        : base("No instance was named.", "Usage", "config", "Give its folder, or a folder that holds instances, as -Path.", exitCode: 2)
    {
    }

    /// <inheritdoc />
    internal override bool IsForAll => true;
}

/// <summary>The instance named is not in the folder named.</summary>
public sealed class InstanceElsewhereException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">Which instance and which folder.</param>
    public InstanceElsewhereException(string message)
        : base(message, "InstanceNotFound", "config", "Leave out -Path or -ConfigPath.", exitCode: 2)
    {
    }
}

/// <summary>A task would need a drive letter that it will not have.</summary>
public sealed class TaskDriveException : HaloEngineException
{
    /// <summary>Makes one of its parts.</summary>
    /// <param name="message">Which path is on which drive.</param>
    /// <param name="behind">The same path without the letter.</param>
    public TaskDriveException(string message, string behind)
        : base(message, "TaskDrive", "config", $"Name it as {behind}, and let the account of the task reach it there.", exitCode: 2)
    {
    }
}
