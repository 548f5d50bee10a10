using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security;
using HaloDBIntegrator.Errors;

namespace HaloDBIntegrator.Scheduling;

/// <summary>
/// Windows' Task Scheduler 2.0 in this process, bound late (https://learn.microsoft.com/windows/win32/taskschd/taskservice),
/// so that a password never is an argument of another program.
/// </summary>
internal sealed class ComTaskScheduler : ITaskScheduler
{
    private const string FolderPath = @"\Halo DB Integrator";
    private const int CreateOrUpdate = 6;
    private const int LogonPassword = 1;
    private const int LogonServiceAccount = 5;
    private const int WithHidden = 1;
    private const int FileNotFound = unchecked((int)0x80070002);
    private const int PathNotFound = unchecked((int)0x80070003);
    private static readonly string[] States = { "Unknown", "Disabled", "Queued", "Ready", "Running" };

    private readonly object service;

    public ComTaskScheduler()
    {
        var type = Type.GetTypeFromProgID("Schedule.Service") ?? throw new SchedulerUnavailableException();
        service = Doing("connect", () =>
        {
            var made = Activator.CreateInstance(type)!;
            Call(made, "Connect");
            return made;
        });
    }

    /// <inheritdoc />
    public IReadOnlyList<ScheduledTask> List() => Doing("list its tasks", () =>
    {
        var found = new List<ScheduledTask>();
        if (Folder(make: false) is not { } folder) return found;
        var tasks = Call(folder, "GetTasks", WithHidden)!;
        var count = Convert.ToInt32(Get(tasks, "Count"), CultureInfo.InvariantCulture);
        for (var index = 1; index <= count; index++) found.Add(TaskOf(Get(tasks, "Item", index)!));
        return found;
    });

    /// <inheritdoc />
    public void Register(string name, string xml, TaskAccount account, SecureString? password) => Doing($"register {name}", () =>
    {
        var builtIn = account.Kind == "service";
        // Of a built-in account the XML's principal says which; Windows keeps the password of a managed one.
        var secret = password == null ? null : new NetworkCredential("", password).Password;
        return Call(Folder(make: true)!, "RegisterTask", name, xml, CreateOrUpdate, builtIn ? null : account.UserId, secret, builtIn ? LogonServiceAccount : LogonPassword, null);
    });

    /// <inheritdoc />
    public void Start(string name) => Doing($"start {name}", () => Call(Call(Folder(make: true)!, "GetTask", name)!, "Run", new object?[] { null }));

    /// <inheritdoc />
    public void Remove(string name) => Doing($"remove {name}", () => Call(Folder(make: true)!, "DeleteTask", name, 0));

    private static ScheduledTask TaskOf(object task) => new()
    {
        Name = (string)Get(task, "Name")!,
        Xml = (string)Get(task, "Xml")!,
        State = States[Convert.ToInt32(Get(task, "State"), CultureInfo.InvariantCulture) % States.Length],
        LastResult = Convert.ToInt32(Get(task, "LastTaskResult"), CultureInfo.InvariantCulture),
        LastRun = Time(Get(task, "LastRunTime")),
        NextRun = Time(Get(task, "NextRunTime")),
    };

    /// <summary>The scheduler's zero is a day in December 1899.</summary>
    private static DateTime? Time(object? value) => value is DateTime time && time.Year > 2000 ? time : null;

    private object? Folder(bool make)
    {
        try
        {
            return Call(service, "GetFolder", FolderPath);
        }
        catch (COMException problem) when (problem.HResult is FileNotFound or PathNotFound)
        {
            return Missing(make);
        }
        catch (System.IO.IOException problem) when (problem.HResult is FileNotFound or PathNotFound)
        {
            return Missing(make);
        }
    }

    private object? Missing(bool make) => make ? Call(Call(service, "GetFolder", @"\")!, "CreateFolder", FolderPath, null) : null;

    private static object? Call(object target, string method, params object?[] arguments) => Invoke(target, method, BindingFlags.InvokeMethod, arguments);

    private static object? Get(object target, string property, params object?[] arguments) => Invoke(target, property, BindingFlags.GetProperty, arguments);

    private static object? Invoke(object target, string member, BindingFlags how, object?[] arguments)
    {
        try
        {
            return target.GetType().InvokeMember(member, how, null, target, arguments, CultureInfo.InvariantCulture);
        }
        catch (TargetInvocationException problem) when (problem.InnerException != null)
        {
            throw problem.InnerException;
        }
    }

    /// <summary>Whatever code Windows answers with, .NET makes an exception of a kind of its own of it: not implemented, no such member, out of memory …</summary>
    private static T Doing<T>(string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (problem is not HaloEngineException)
        {
            throw new SchedulerRefusedException(what, problem.Message);
        }
    }
}
