using System.Diagnostics;
using System.Management.Automation;
using System.Text;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>The module's door for the engine, through the script that calls it in a PowerShell of its own.</summary>
[Collection(Alone.Name)]
public sealed class DoorTests : IClassFixture<ModuleSession>
{
    private static readonly string Script = ReadScript();
    private readonly ModuleSession module;
    private readonly RecordingScheduler scheduler;
    private readonly string library;

    public DoorTests(ModuleSession module)
    {
        this.module = module;
        var assembly = ((CmdletInfo)module.Run("Get-Command Register-HaloSyncTask")[0].BaseObject).ImplementingType.Assembly;
        scheduler = RecordingScheduler.Install(assembly);
        library = assembly.Location;
    }

    [Fact]
    public void Registers_lists_starts_and_removes_tasks()
    {
        Assert.Equal(["done"], Ask("ListTasks").Select(row => row[0]));
        Assert.Equal(["done"], Ask("RegisterTask", "5 min & 日本", "<Task>ü</Task>", "S-1-5-18", "service").Select(row => row[0]));
        Ask("RegisterTask", "hourly", "<Task/>", @"CORP\halo$", "managed");
        var tasks = Ask("ListTasks").SkipLast(1).OrderBy(row => row[1]).ToArray();
        Assert.Equal(["row", "5 min & 日本", "<Task>ü</Task>", "Ready", "6", "", ""], tasks[0]);
        Assert.Equal("hourly", tasks[1][1]);
        Ask("StartTask", "hourly");
        Ask("RemoveTask", "hourly");
        Assert.Single(Ask("ListTasks").SkipLast(1));
        Assert.Equal(["register 5 min & 日本 as S-1-5-18", @"register hourly as CORP\halo$", "start hourly", "remove hourly"], scheduler.Deeds);
    }

    [Fact]
    public void Opens_what_Windows_protects()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal("refused", Assert.Single(Ask("Unprotect", "AQAA"))[0]);
            return;
        }
        var protection = module.Run("Get-Command Register-HaloSyncTask").Select(one => ((CmdletInfo)one.BaseObject).ImplementingType.Assembly).Single()
            .GetType("HaloDBIntegrator.Secrets.DataProtection", throwOnError: true)!;
        var text = (string)protection.GetMethod("Protect")!.Invoke(null, ["Grüße & 日本"])!;
        Assert.Equal(["Grüße & 日本"], Ask("Unprotect", text)[0].Skip(1));
        Assert.Equal("refused", Assert.Single(Ask("Unprotect", Convert.ToBase64String(new byte[64])))[0]);
    }

    [Fact]
    public void Passes_on_what_is_refused()
    {
        var refused = Assert.Single(Ask("Unprotect", "no base64"));
        Assert.Equal("refused", refused[0]);
        Assert.NotEmpty(refused[1]);
    }

    private string[][] Ask(string method, params string[] words)
    {
        var output = new StringWriter();
        using var shell = module.Shell(Script);
        shell.Runspace.SessionStateProxy.SetVariable("out", output);
        shell.Invoke(new[] { string.Join(' ', words.Prepend(method).Prepend(library).Select(word => Convert.ToBase64String(Encoding.UTF8.GetBytes(word)))) });
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.TrimEnd('\r').Split(' ').Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word))).ToArray()).ToArray();
    }

    private static string ReadScript()
    {
        var source = new Uri(Path.Combine(Project.Folder, "node/src/windows/door-script.ts")).AbsoluteUri;
        using var process = Process.Start(new ProcessStartInfo(Project.Node, ["--no-warnings", "--input-type=module", "-e", $"process.stdout.write((await import('{source}')).doorScript)"])
        {
            RedirectStandardOutput = true,
        })!;
        return process.StandardOutput.ReadToEnd();
    }
}
