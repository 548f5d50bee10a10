using System.Management.Automation;
using System.Xml.Linq;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>What a task finds otherwise than who registers it: PowerShell, drives, the Event Log. Windows' own answers are put in place.</summary>
[Collection(Alone.Name)]
public sealed class TaskSurroundingsTests : IClassFixture<ModuleSession>, IDisposable
{
    private readonly ModuleSession module;
    private readonly System.Reflection.Assembly assembly;
    private readonly RecordingScheduler scheduler;
    private readonly List<Action> undo = [];
    private readonly string root = Directory.CreateTempSubdirectory("halo tasks-").FullName;

    public TaskSurroundingsTests(ModuleSession module)
    {
        this.module = module;
        assembly = ((CmdletInfo)module.Run("Get-Command Register-HaloSyncTask")[0].BaseObject).ImplementingType.Assembly;
        scheduler = RecordingScheduler.Install(assembly);
        module.Run($"$root = '{root}'; foreach ($name in '5min', 'hourly') {{ New-HaloSyncInstance $root/$name -CopyFrom $config }}");
    }

    public void Dispose()
    {
        undo.ForEach(one => one());
        Directory.Delete(root, recursive: true);
    }

    private void Put(string type, string property, Delegate answer)
    {
        var place = assembly.GetType($"HaloDBIntegrator.Scheduling.{type}", throwOnError: true)!.GetProperty(property)!;
        var before = place.GetValue(null);
        undo.Add(() => place.SetValue(null, before));
        place.SetValue(null, answer);
    }

    private (IReadOnlyList<PSObject> Given, IReadOnlyList<string> Warnings) Run(string script)
    {
        using var shell = module.Shell(script);
        return (shell.Invoke(), shell.Streams.Warning.Select(warning => warning.Message).ToList());
    }

    [Theory]
    [InlineData(@"C:\Program Files\PowerShell\7\PWSH.EXE", @"C:\Program Files\PowerShell\7\PWSH.EXE", false)]
    [InlineData(@"C:\Program Files\WindowsApps\Microsoft.PowerShell_7.6.0.0_x64__8wekyb3d8bbwe\pwsh.exe", @"\WindowsPowerShell\v1.0\powershell.exe", true)]
    [InlineData(@"C:\Program Files\dotnet\dotnet.exe", @"\WindowsPowerShell\v1.0\powershell.exe", false)]
    public void Takes_a_PowerShell_that_the_tasks_account_can_start(string current, string taken, bool told)
    {
        Put("TaskShell", "Current", (Func<string?>)(() => current));
        var (given, warnings) = Run("Register-HaloSyncTask $root/5min -ViaPowerShell -AsXml");
        var xml = XDocument.Parse((string)Assert.Single(given).BaseObject);
        Assert.EndsWith(taken, xml.Descendants().Single(one => one.Name.LocalName == "Command").Value);
        var script = xml.Descendants().Single(one => one.Name.LocalName == "Arguments").Value.Split(" -Command ", 2)[1];
        LanguageTests.IsInItsLanguage(script.Trim('"').Replace("\\\"", "\""));
        Assert.Equal(told, warnings.Any(warning => warning.Contains("Store")));
        Assert.Empty(Run("Register-HaloSyncTask $root/5min -AsXml").Warnings);
    }

    [TheoryElsewhere("drive letters that are not looked for")]
    [InlineData(@"\Device\LanmanRedirector\;Z:000000000003e7a1\files\halo", @"\\files\halo\5min\appsettings.json")]
    [InlineData(@"\Device\Mup\;LanmanRedirector\;Z:000000000003e7a1\files\halo", @"\\files\halo\5min\appsettings.json")]
    [InlineData(@"\??\C:\HaloIntegrator", @"C:\HaloIntegrator\5min\appsettings.json")]
    [InlineData(@"\??\UNC\files\halo", @"\\files\halo\5min\appsettings.json")]
    public void Refuses_a_drive_letter_of_the_sign_in_and_says_what_is_behind_it(string device, string behind)
    {
        Put("SessionDrives", "Device", (Func<string, string?>)(drive => drive == "Z:" ? device : @"\Device\HarddiskVolume3"));
        var problem = Assert.IsType<ErrorRecord>(Assert.Single(module.Run(@"try { Register-HaloSyncTask Z:\5min -WarningAction SilentlyContinue -ErrorAction Stop } catch { $_ }")).BaseObject);
        Assert.StartsWith("TaskDrive", problem.FullyQualifiedErrorId);
        Assert.Contains(behind, problem.Exception.Message);
        Assert.Contains(behind, problem.ErrorDetails.Message);
        Assert.Empty(scheduler.Deeds);
        Run(@"Register-HaloSyncTask C:\5min, \\files\halo\hourly -WarningAction SilentlyContinue");
        Assert.Equal(2, scheduler.Deeds.Count);
        var (given, warnings) = Run(@"Register-HaloSyncTask Z:\5min -AsXml");
        Assert.Single(given);
        Assert.Contains(warnings, warning => warning.Contains(behind));
    }

    [Fact]
    public void Makes_sure_of_the_source_of_last_words_where_it_registers()
    {
        var entries = new List<string>();
        Put("EventLogSource", "Write", (Func<string, string?>)(text =>
        {
            entries.Add(text);
            return null;
        }));
        Run("Register-HaloSyncTask $root -WhatIf");
        Run("Register-HaloSyncTask $root -AsXml");
        Assert.Empty(entries);
        Assert.Empty(Run("Register-HaloSyncTask $root").Warnings);
        Assert.Equal("Scheduled syncs were registered: 5min, hourly.", Assert.Single(entries));
        Run("Register-HaloSyncTask $root");
        Assert.Single(entries);
    }

    [Fact]
    public void A_source_that_cannot_be_made_keeps_no_task_from_being_registered()
    {
        Put("EventLogSource", "Write", (Func<string, string?>)(_ => "Access is denied."));
        Assert.Contains("Access is denied.", Assert.Single(Run("Register-HaloSyncTask $root").Warnings));
        Assert.Equal(2, scheduler.Deeds.Count);
    }
}
