using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HaloDBIntegrator.Tests.Windows;

/// <summary>What a console tells its programs (https://learn.microsoft.com/windows/console/handlerroutine).</summary>
public enum ConsoleEvent
{
    CtrlC = 0,
    Break = 1,
    Close = 2,
}

/// <summary>
/// A program in a console of its own, as a terminal makes one (https://learn.microsoft.com/windows/console/creating-a-pseudoconsole-session).
/// What it shows is read and kept.
/// </summary>
internal sealed class PseudoConsole : IDisposable
{
    private const int PseudoConsoleAttribute = 0x00020016;
    private const int StartWithAttributes = 0x00080000;
    private const int HandlesAreGiven = 0x100;

    /// <summary>What never ends is to fail; no machine is that slow.</summary>
    private const uint LongestWait = 5 * 60_000;

    private readonly IntPtr console;
    private readonly SafeFileHandle keys;
    private readonly Process window;
    private readonly Started started;
    private readonly Thread reader;
    private readonly StringBuilder shown = new();
    private bool closed;

    public PseudoConsole(params string[] words)
    {
        Check(CreatePipe(out var itsKeys, out keys, IntPtr.Zero, 0));
        Check(CreatePipe(out var screen, out var itsScreen, IntPtr.Zero, 0));
        // Whoever started this program may have switched Ctrl-C off for all that it starts.
        SetConsoleCtrlHandler(IntPtr.Zero, false);
        var others = Windows().Select(one => one.Id).ToHashSet();
        Marshal.ThrowExceptionForHR(CreatePseudoConsole(120 | (40 << 16), itsKeys, itsScreen, 0, out console));
        window = Windows().Single(one => !others.Contains(one.Id));
        itsKeys.Dispose();
        itsScreen.Dispose();
        started = Start(string.Join(' ', words.Select(word => $"\"{word}\"")));
        reader = new Thread(() => Read(screen)) { IsBackground = true };
        reader.Start();
    }

    /// <summary>All that it showed so far, with the terminal's own signs.</summary>
    public string Shown
    {
        get
        {
            lock (shown) return shown.ToString();
        }
    }

    /// <summary>Waits for its end.</summary>
    public int ExitCode()
    {
        Assert(WaitForSingleObject(started.Process, LongestWait) == 0, $"The program did not end. It showed:\n{Shown}");
        Check(GetExitCodeProcess(started.Process, out var code));
        return code;
    }

    /// <summary>Tells the program what Windows tells it of its console: in a thread that begins where Windows lets it begin.</summary>
    public void Tell(ConsoleEvent what)
    {
        var routine = NativeLibrary.GetExport(NativeLibrary.Load("kernelbase.dll"), "CtrlRoutine");
        var thread = CreateRemoteThread(started.Process, IntPtr.Zero, IntPtr.Zero, routine, (IntPtr)(int)what, 0, IntPtr.Zero);
        Check(thread != IntPtr.Zero);
        CloseHandle(thread);
    }

    /// <summary>Halts the window, which from then on takes nothing of what is written, or lets it go on.</summary>
    public void Halt(bool halted)
    {
        Marshal.ThrowExceptionForHR(halted ? NtSuspendProcess(window.Handle) : NtResumeProcess(window.Handle));
    }

    public void Dispose()
    {
        TerminateProcess(started.Process, 1);
        if (!closed) ClosePseudoConsole(console);
        closed = true;
        reader.Join(TimeSpan.FromSeconds(30));
        keys.Dispose();
        CloseHandle(started.Process);
        CloseHandle(started.Thread);
    }

    private static void Assert(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }

    private static void Check(bool done)
    {
        if (!done) throw new Win32Exception();
    }

    /// <summary>The programs behind this one's consoles.</summary>
    private static IEnumerable<Process> Windows() =>
        Process.GetProcesses().Where(one => one.ProcessName is "conhost" or "OpenConsole" && ParentOf(one) == Environment.ProcessId);

    private static int ParentOf(Process process)
    {
        var facts = new IntPtr[6];
        try
        {
            return NtQueryInformationProcess(process.Handle, 0, facts, facts.Length * IntPtr.Size, IntPtr.Zero) == 0 ? (int)facts[5] : 0;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            // Another account's, or gone by now.
            return 0;
        }
    }

    private Started Start(string command)
    {
        var size = IntPtr.Zero;
        InitializeProcThreadAttributeList(IntPtr.Zero, 1, 0, ref size);
        var list = Marshal.AllocHGlobal(size);
        try
        {
            Check(InitializeProcThreadAttributeList(list, 1, 0, ref size));
            Check(UpdateProcThreadAttribute(list, 0, PseudoConsoleAttribute, console, IntPtr.Size, IntPtr.Zero, IntPtr.Zero));
            // Said to have no handles of this program's, it gets the console's; Wine gives it those where nothing is said.
            var flags = Environment.GetEnvironmentVariable("HALO_TEST_WINE") == null ? HandlesAreGiven : 0;
            var how = new StartupInfo { Size = Marshal.SizeOf<StartupInfo>(), Flags = flags, Attributes = list };
            Check(CreateProcess(null, new StringBuilder(command), IntPtr.Zero, IntPtr.Zero, false, StartWithAttributes, IntPtr.Zero, null, ref how, out var made));
            return made;
        }
        finally
        {
            Marshal.FreeHGlobal(list);
        }
    }

    private void Read(SafeFileHandle screen)
    {
        using var stream = new FileStream(screen, FileAccess.Read);
        var part = new byte[4096];
        try
        {
            for (int read; (read = stream.Read(part)) > 0;)
                lock (shown)
                    shown.Append(Encoding.UTF8.GetString(part, 0, read));
        }
        catch (IOException)
        {
            // It is gone.
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Started
    {
        public IntPtr Process;
        public IntPtr Thread;
        public int ProcessId;
        public int ThreadId;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct StartupInfo
    {
        public int Size;
        public IntPtr Reserved;
        public IntPtr Desktop;
        public IntPtr Title;
        public int X;
        public int Y;
        public int Width;
        public int Height;
        public int Columns;
        public int Rows;
        public int Fill;
        public int Flags;
        public short Show;
        public short MoreLength;
        public IntPtr More;
        public IntPtr Input;
        public IntPtr Output;
        public IntPtr Error;
        public IntPtr Attributes;
    }

    [DllImport("kernel32.dll")]
    private static extern bool SetConsoleCtrlHandler(IntPtr handler, bool add);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern bool CreatePipe(out SafeFileHandle read, out SafeFileHandle write, IntPtr attributes, int size);

    [DllImport("kernel32.dll")]
    private static extern int CreatePseudoConsole(int size, SafeFileHandle input, SafeFileHandle output, int flags, out IntPtr console);

    [DllImport("kernel32.dll")]
    private static extern void ClosePseudoConsole(IntPtr console);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern bool InitializeProcThreadAttributeList(IntPtr list, int count, int flags, ref IntPtr size);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern bool UpdateProcThreadAttribute(IntPtr list, int flags, IntPtr attribute, IntPtr value, IntPtr size, IntPtr before, IntPtr returned);

    [DllImport("kernel32.dll", EntryPoint = "CreateProcessW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool CreateProcess(string? program, StringBuilder command, IntPtr process, IntPtr thread, bool inherit, int flags, IntPtr environment, string? folder, ref StartupInfo how, out Started made);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern IntPtr CreateRemoteThread(IntPtr process, IntPtr attributes, IntPtr stack, IntPtr start, IntPtr parameter, int flags, IntPtr id);

    [DllImport("kernel32.dll")]
    private static extern uint WaitForSingleObject(IntPtr handle, uint milliseconds);

    [DllImport("kernel32.dll", SetLastError = true)]
    private static extern bool GetExitCodeProcess(IntPtr process, out int code);

    [DllImport("kernel32.dll")]
    private static extern bool TerminateProcess(IntPtr process, int code);

    [DllImport("kernel32.dll")]
    private static extern bool CloseHandle(IntPtr handle);

    [DllImport("ntdll.dll")]
    private static extern int NtSuspendProcess(IntPtr process);

    [DllImport("ntdll.dll")]
    private static extern int NtResumeProcess(IntPtr process);

    [DllImport("ntdll.dll")]
    private static extern int NtQueryInformationProcess(IntPtr process, int what, IntPtr[] facts, int size, IntPtr returned);
}
