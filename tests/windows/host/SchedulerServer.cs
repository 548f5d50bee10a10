using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace HaloDBIntegrator.WindowsHost;

/// <summary>
/// Stands in for Windows' Task Scheduler where Wine's cannot be asked late-bound: an out-of-process COM server of the same class, with
/// the members that the product uses. It keeps what is registered as long as it runs, and a task that is started really runs.
/// </summary>
internal static class SchedulerServer
{
    /// <summary>The class of Schedule.Service, as Windows registers it.</summary>
    private static readonly Guid TaskScheduler = new("0f87369f-a4e5-4cfc-bd3e-73e6154572dd");

    /// <param name="arguments">A file that is made when others can ask, and that ends this program when it is gone.</param>
    public static int Run(string[] arguments)
    {
        const int LocalServer = 4;
        const int MultipleUse = 1;
        Marshal.ThrowExceptionForHR(CoRegisterClassObject(TaskScheduler, new Factory(), LocalServer, MultipleUse, out _));
        File.WriteAllText(arguments[0], "");
        while (File.Exists(arguments[0])) Thread.Sleep(200);
        return 0;
    }

    [DllImport("ole32.dll")]
    private static extern int CoRegisterClassObject([In, MarshalAs(UnmanagedType.LPStruct)] Guid type, [MarshalAs(UnmanagedType.IUnknown)] object factory, int context, int flags, out int cookie);

    [ComImport]
    [Guid("00000001-0000-0000-C000-000000000046")]
    [InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
    private interface IClassFactory
    {
        [PreserveSig]
        int CreateInstance(IntPtr outer, in Guid face, out IntPtr made);

        [PreserveSig]
        int LockServer(bool keep);
    }

    private sealed class Factory : IClassFactory
    {
        private readonly Service service = new();

        public int CreateInstance(IntPtr outer, in Guid face, out IntPtr made)
        {
            var unknown = Marshal.GetIUnknownForObject(service);
            var result = Marshal.QueryInterface(unknown, face, out made);
            Marshal.Release(unknown);
            return result;
        }

        public int LockServer(bool keep) => 0;
    }
}

/// <summary>ITaskService, as far as it is asked.</summary>
[ComVisible(true)]
[ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class Service
{
    private readonly Dictionary<string, Folder> folders = new(StringComparer.OrdinalIgnoreCase);

    public Service() => folders["\\"] = new Folder(folders);

    public void Connect()
    {
    }

    public object GetFolder(string path) => folders.TryGetValue(path, out var folder) ? folder : throw new FileNotFoundException("The system cannot find the file specified.");
}

/// <summary>ITaskFolder.</summary>
[ComVisible(true)]
[ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class Folder
{
    private readonly Dictionary<string, Folder> folders;
    private readonly SortedDictionary<string, Task> tasks = new(StringComparer.OrdinalIgnoreCase);

    internal Folder(Dictionary<string, Folder> folders) => this.folders = folders;

    public object CreateFolder(string path, object? rights) => folders[path] = new Folder(folders);

    public object GetTasks(int flags) => new Tasks(tasks.Values.ToArray());

    public object GetTask(string name) => tasks.TryGetValue(name, out var task) ? task : throw new FileNotFoundException("The system cannot find the file specified.");

    public object RegisterTask(string name, string xml, int flags, object? user, object? password, int logon, object? rights)
    {
        if (XDocument.Parse(xml).Root?.Name.LocalName != "Task") throw new ArgumentException("The task XML contains an unexpected node.");
        return tasks[name] = new Task(name, xml);
    }

    public void DeleteTask(string name, int flags)
    {
        if (!tasks.Remove(name)) throw new FileNotFoundException("The system cannot find the file specified.");
    }
}

/// <summary>IRegisteredTaskCollection.</summary>
[ComVisible(true)]
[ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class Tasks
{
    private readonly Task[] all;

    internal Tasks(Task[] all) => this.all = all;

    public int Count => all.Length;

    public object this[object index] => all[Convert.ToInt32(index) - 1];
}

/// <summary>IRegisteredTask.</summary>
[ComVisible(true)]
[ClassInterface(ClassInterfaceType.AutoDispatch)]
public sealed class Task
{
    private const int Ready = 3;
    private const int Running = 4;
    private const int NotYetRun = 0x41303;

    internal Task(string name, string xml)
    {
        Name = name;
        Xml = xml;
    }

    public string Name { get; }

    public string Xml { get; }

    public int State { get; private set; } = Ready;

    public int LastTaskResult { get; private set; } = NotYetRun;

    public DateTime LastRunTime { get; private set; } = new(1999, 11, 30);

    public DateTime NextRunTime { get; } = DateTime.Today.AddDays(1);

    public object? Run(object? with)
    {
        string Of(string name) => XDocument.Parse(Xml).Descendants().FirstOrDefault(one => one.Name.LocalName == name)?.Value ?? "";
        var start = new ProcessStartInfo(Of("Command"), Of("Arguments")) { WorkingDirectory = Of("WorkingDirectory"), UseShellExecute = false, CreateNoWindow = true };
        LastRunTime = DateTime.Now;
        State = Running;
        var process = Process.Start(start)!;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) =>
        {
            LastTaskResult = process.ExitCode;
            State = Ready;
        };
        return this;
    }
}
