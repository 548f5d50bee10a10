using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace HaloDBIntegrator.WindowsHost;

/// <summary>
/// A stand-in for Windows' Task Scheduler, since Wine's has no IDispatch and starts nothing: a COM server of its own process, registered
/// as Schedule.Service (https://learn.microsoft.com/windows/win32/taskschd/taskservice), that keeps tasks in memory and really starts
/// them. It knows no triggers and no accounts.
/// </summary>
internal static class TaskSchedulerStandIn
{
    private const int LocalServer = 4;
    private const int MultipleUse = 1;

    /// <summary>Its class, as scripts/windows/wine.mjs registers it.</summary>
    private static readonly Guid Id = new("5b4c3b1e-7a0f-4c59-9a5d-2f6f0d3f8a11");

    /// <summary>Serves until Wine ends.</summary>
    public static int Run()
    {
        // Calls are to be taken by any thread; the program's own is for PowerShell's window.
        var server = new Thread(() =>
        {
            Marshal.ThrowExceptionForHR(CoRegisterClassObject(Id, new Factory(new Service()), LocalServer, MultipleUse, out _));
            Thread.Sleep(Timeout.Infinite);
        });
        server.SetApartmentState(ApartmentState.MTA);
        server.Start();
        server.Join();
        return 0;
    }

    [DllImport("ole32.dll")]
    private static extern int CoRegisterClassObject(in Guid id, [MarshalAs(UnmanagedType.IUnknown)] object factory, int where, int how, out int cookie);
}

/// <summary>https://learn.microsoft.com/windows/win32/api/unknwn/nn-unknwn-iclassfactory</summary>
[ComImport, ComVisible(true), Guid("00000001-0000-0000-C000-000000000046"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
internal interface IClassFactory
{
    [PreserveSig]
    int CreateInstance(IntPtr outer, in Guid id, out IntPtr made);

    [PreserveSig]
    int LockServer(bool locked);
}

/// <summary>Gives every client the one scheduler.</summary>
[ComVisible(true)]
public sealed class Factory(Service service) : IClassFactory
{
    int IClassFactory.CreateInstance(IntPtr outer, in Guid id, out IntPtr made)
    {
        var unknown = Marshal.GetIUnknownForObject(service);
        var result = Marshal.QueryInterface(unknown, in id, out made);
        Marshal.Release(unknown);
        return result;
    }

    int IClassFactory.LockServer(bool locked) => 0;
}

#pragma warning disable CS1591 // Names and meanings are those of the Task Scheduler.
[ComVisible(true), ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class Service
{
    private readonly Dictionary<string, Folder> folders = new(StringComparer.OrdinalIgnoreCase);

    public Service() => folders[@"\"] = new Folder(folders);

    public void Connect()
    {
    }

    public Folder GetFolder(string path) => folders.GetValueOrDefault(path) ?? throw new FileNotFoundException();
}

[ComVisible(true), ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class Folder
{
    private readonly Dictionary<string, Folder> folders;
    private readonly SortedDictionary<string, RegisteredTask> tasks = new(StringComparer.OrdinalIgnoreCase);

    internal Folder(Dictionary<string, Folder> folders) => this.folders = folders;

    public Folder CreateFolder(string path, object? descriptor) => folders[path] = new Folder(folders);

    public Tasks GetTasks(int flags)
    {
        lock (tasks) return new Tasks([.. tasks.Values]);
    }

    public RegisteredTask GetTask(string name)
    {
        lock (tasks) return tasks.GetValueOrDefault(name) ?? throw new FileNotFoundException();
    }

    public RegisteredTask RegisterTask(string name, string xml, int how, object? user, object? password, int logon, object? descriptor)
    {
        lock (tasks) return tasks[name] = new RegisteredTask(name, xml);
    }

    public void DeleteTask(string name, int flags)
    {
        lock (tasks)
            if (!tasks.Remove(name)) throw new FileNotFoundException();
    }
}

[ComVisible(true), ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class Tasks
{
    private readonly RegisteredTask[] tasks;

    internal Tasks(RegisteredTask[] tasks) => this.tasks = tasks;

    public int Count => tasks.Length;

    public RegisteredTask this[int index] => tasks[index - 1];
}

[ComVisible(true), ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class RegisteredTask
{
    private const int Ready = 3;
    private const int Running = 4;
    private const int NeverRan = 267011;
    private static readonly XNamespace Names = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    internal RegisteredTask(string name, string xml)
    {
        Name = name;
        Xml = xml;
        XDocument.Parse(xml);
    }

    public string Name { get; }

    public string Xml { get; }

    public int State { get; private set; } = Ready;

    public int LastTaskResult { get; private set; } = NeverRan;

    public DateTime LastRunTime { get; private set; } = DateTime.FromOADate(0);

    public DateTime NextRunTime => DateTime.FromOADate(0);

    public void Run(object? parameters)
    {
        var action = XDocument.Parse(Xml).Descendants(Names + "Exec").Single();
        string Of(string name) => (string?)action.Element(Names + name) ?? "";
        var program = new ProcessStartInfo(Of("Command"), Of("Arguments")) { WorkingDirectory = Of("WorkingDirectory"), UseShellExecute = false };
        LastRunTime = DateTime.Now;
        State = Running;
        var process = Process.Start(program)!;
        _ = process.WaitForExitAsync().ContinueWith(_ =>
        {
            LastTaskResult = process.ExitCode;
            State = Ready;
        }, TaskScheduler.Default);
    }
}
