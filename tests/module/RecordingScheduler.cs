using System.Collections;
using System.Reflection;

namespace HaloDBIntegrator.Tests;

/// <summary>
/// Stands in for the Task Scheduler: keeps tasks in memory and writes down what was asked. The module is loaded by PowerShell
/// and not referenced here, so its interface is met by a proxy.
/// </summary>
public class RecordingScheduler : DispatchProxy
{
    private readonly Dictionary<string, object> tasks = [];
    private Type? taskType;

    public List<string> Deeds { get; } = [];

    /// <summary>Puts a new one in place of Windows' own.</summary>
    public static RecordingScheduler Install(Assembly module)
    {
        var face = module.GetType("HaloDBIntegrator.Scheduling.ITaskScheduler", throwOnError: true)!;
        var proxy = (RecordingScheduler)Create(face, typeof(RecordingScheduler));
        proxy.taskType = module.GetType("HaloDBIntegrator.Scheduling.ScheduledTask", throwOnError: true);
        var open = module.GetType("HaloDBIntegrator.Scheduling.TaskSchedulers", throwOnError: true)!.GetProperty("Open")!;
        var body = System.Linq.Expressions.Expression.Convert(System.Linq.Expressions.Expression.Constant(proxy), face);
        open.SetValue(null, System.Linq.Expressions.Expression.Lambda(open.PropertyType, body).Compile());
        // Nor is Windows' Event Log written to.
        module.GetType("HaloDBIntegrator.Scheduling.EventLogSource", throwOnError: true)!.GetProperty("Write")!.SetValue(null, (Func<string, string?>)(_ => null));
        return proxy;
    }

    /// <summary>Changes the XML of a task, as somebody would by hand.</summary>
    public void Change(string name, string from, string to)
    {
        var xml = taskType!.GetProperty("Xml")!;
        xml.SetValue(tasks[name], ((string)xml.GetValue(tasks[name])!).Replace(from, to));
    }

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        var name = arguments?.Length > 0 ? (string?)arguments[0] : null;
        switch (method!.Name)
        {
            case "List":
                var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(taskType!))!;
                foreach (var task in tasks.Values) list.Add(task);
                return list;
            case "Register":
                var made = Activator.CreateInstance(taskType!)!;
                taskType!.GetProperty("Name")!.SetValue(made, name);
                taskType.GetProperty("Xml")!.SetValue(made, arguments![1]);
                taskType.GetProperty("State")!.SetValue(made, "Ready");
                taskType.GetProperty("LastResult")!.SetValue(made, 6);
                tasks[name!] = made;
                var password = arguments[3] as System.Security.SecureString;
                var account = (string)arguments[2]!.GetType().GetProperty("UserId")!.GetValue(arguments[2])!;
                Deeds.Add($"register {name} as {account}{(password == null ? "" : $" with {password.Length} characters")}");
                return null;
            case "Remove":
                tasks.Remove(name!);
                break;
        }
        Deeds.Add($"{method.Name.ToLowerInvariant()} {name}");
        return null;
    }
}
