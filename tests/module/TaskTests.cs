using System.Management.Automation;
using System.Xml.Linq;
using Xunit;

namespace HaloDBIntegrator.Tests;

public sealed class TaskTests : IClassFixture<ModuleSession>, IDisposable
{
    private readonly ModuleSession module;
    private readonly System.Reflection.Assembly assembly;
    private readonly RecordingScheduler scheduler;
    private readonly string root = Directory.CreateTempSubdirectory("halo tasks & co-").FullName;

    public TaskTests(ModuleSession module)
    {
        this.module = module;
        assembly = ((CmdletInfo)module.Run("Get-Command Register-HaloSyncTask")[0].BaseObject).ImplementingType.Assembly;
        scheduler = RecordingScheduler.Install(assembly);
        module.Run($"$root = '{root}'");
        Assert.Empty(Errors("foreach ($name in '5min', 'daily-0300') { New-HaloSyncInstance $root/$name -CopyFrom $config }"));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>A folder of Windows: seen from elsewhere it need not be there, on Windows itself it is looked at.</summary>
    private string OnWindows()
    {
        if (!OperatingSystem.IsWindows()) return @"C:\R&D\2h";
        Assert.Empty(Errors("New-HaloSyncInstance \"$root/R&D/2h\" -CopyFrom $config"));
        return Path.Combine(root, "R&D", "2h");
    }

    private IReadOnlyList<ErrorRecord> Errors(string script)
    {
        using var shell = module.Shell(script);
        shell.Invoke();
        return shell.Streams.Error.ToList();
    }

    [Fact]
    public void Makes_instances_whose_entities_are_off()
    {
        var made = Assert.Single(module.Run("New-HaloSyncInstance $root/hourly -CopyFrom $config"));
        Assert.Equal("hourly", made.Properties["Frequency"].Value);
        Assert.Equal(54, made.Properties["TimeLimitMinutes"].Value);
        Assert.DoesNotContain("true", File.ReadAllText(Path.Combine(root, "hourly", "appsettings.json")));
        var caught = Assert.Single(module.Run("try { New-HaloSyncInstance $root/hourly -CopyFrom $config -ErrorAction Stop } catch { $_ }"));
        Assert.StartsWith("InstanceExists", ((ErrorRecord)caught.BaseObject).FullyQualifiedErrorId);
        module.Run("New-HaloSyncInstance $root/weekly -CopyFrom $config -WhatIf");
        Assert.False(Directory.Exists(Path.Combine(root, "weekly")));
    }

    [Fact]
    public void Registers_a_parent_once_and_updates_what_was_changed()
    {
        var tasks = module.Run("Register-HaloSyncTask $root -Account 'LOCAL SERVICE' -PassThru");
        Assert.Equal(["5min", "daily-0300"], tasks.Select(task => task.Properties["Name"].Value));
        Assert.All(tasks, task => Assert.Empty((IReadOnlyList<string>)task.Properties["Drift"].Value));
        Assert.Equal(["register 5min as S-1-5-19", "register daily-0300 as S-1-5-19"], scheduler.Deeds);
        module.Run("Register-HaloSyncTask $root");
        Assert.Equal(2, scheduler.Deeds.Count);
        scheduler.Change("5min", "IgnoreNew", "Parallel");
        var drift = (IReadOnlyList<string>)Assert.Single(module.Run("Get-HaloSyncTask 5*")).Properties["Drift"].Value;
        Assert.Contains("Parallel", Assert.Single(drift));
        module.Run("Register-HaloSyncTask $root");
        Assert.Equal("register 5min as S-1-5-19", Assert.Single(scheduler.Deeds.Skip(2)));
    }

    [Fact]
    public void Says_until_when_NHserver_is_needed()
    {
        module.Run("Set-HaloDbConfig -NhserverUpgradeDate 2020-01-01 -ConfigPath $root/5min; Register-HaloSyncTask $root");
        using var shell = module.Shell("Get-HaloSyncTask");
        Assert.Equal(2, shell.Invoke().Count);
        Assert.Contains("2020-01-31", Assert.Single(shell.Streams.Warning).Message);
    }

    [Fact]
    public void WhatIf_registers_nothing()
    {
        module.Run("Register-HaloSyncTask $root -WhatIf");
        Assert.Empty(scheduler.Deeds);
    }

    [Fact]
    public void A_password_goes_to_the_scheduler_alone()
    {
        using var shell = module.Shell("""
            $password = [securestring]::new(); 'pa55w0rd'.ToCharArray() | ForEach-Object { $password.AppendChar($_) }
            Register-HaloSyncTask $root/5min -Credential ([pscredential]::new('CORP\anna', $password)) -Verbose -Debug
            """);
        shell.Invoke();
        Assert.Equal([@"register 5min as CORP\anna with 8 characters"], scheduler.Deeds);
        var shown = shell.Streams.Verbose.Select(record => record.Message).Concat(shell.Streams.Debug.Select(record => record.Message));
        Assert.DoesNotContain(shown, text => text.Contains("pa55w0rd"));
        var refused = Assert.Single(module.Run(@"try { Register-HaloSyncTask $root/daily-0300 -Account 'CORP\anna' -ErrorAction Stop } catch { $_ }"));
        Assert.StartsWith("TaskPassword", ((ErrorRecord)refused.BaseObject).FullyQualifiedErrorId);
    }

    [Fact]
    public void Gives_the_xml_of_paths_here_and_on_Windows()
    {
        XNamespace task = "http://schemas.microsoft.com/windows/2004/02/mit/task";
        var here = XDocument.Parse((string)Assert.Single(module.Run("Register-HaloSyncTask $root/5min -AsXml")).BaseObject);
        Assert.Equal(Path.Combine(root, "5min"), here.Descendants(task + "WorkingDirectory").Single().Value);
        var folder = OnWindows();
        var there = (string)Assert.Single(module.Run($@"Register-HaloSyncTask '{folder}' -ViaPowerShell -Account 'CORP\halo$' -AsXml -WarningAction SilentlyContinue")).BaseObject;
        Assert.Contains($@"Invoke-HaloSync -Auto -ConfigPath '{folder}\appsettings.json'", XDocument.Parse(there).Descendants(task + "Arguments").Single().Value);
        Assert.Empty(scheduler.Deeds);
    }

    [Fact]
    public void Starts_and_removes_by_name_and_by_path()
    {
        module.Run("Register-HaloSyncTask $root");
        module.Run("Start-HaloSyncTask 5min");
        module.Run("Get-HaloSyncTask | Unregister-HaloSyncTask -WhatIf");
        module.Run("Unregister-HaloSyncTask $root/daily-0300 -Confirm:$false");
        Assert.Equal(["start 5min", "remove daily-0300"], scheduler.Deeds.Skip(2));
        Assert.StartsWith("TaskNotFound", Assert.Single(Errors("Start-HaloSyncTask nothing")).FullyQualifiedErrorId);
        Assert.Equal("stopped at its time limit; the next run goes on", Assert.Single(module.Run("Get-HaloSyncTask")).Properties["LastOutcome"].Value);
    }

    [Fact]
    public void A_managed_account_needs_no_password_and_the_pipeline_removes()
    {
        module.Run(@"Register-HaloSyncTask $root -Account 'CORP\halo$'");
        Assert.Equal([@"register 5min as CORP\halo$", @"register daily-0300 as CORP\halo$"], scheduler.Deeds);
        Assert.All(module.Run("Get-HaloSyncTask"), task => Assert.Equal(@"CORP\halo$", task.Properties["Account"].Value));
        module.Run("Get-HaloSyncTask | Unregister-HaloSyncTask -Confirm:$false");
        Assert.Equal(["remove 5min", "remove daily-0300"], scheduler.Deeds.Skip(2));
        Assert.Empty(module.Run("Get-HaloSyncTask"));
    }

    [Fact]
    public void ConfigPath_means_one_instance_and_no_other()
    {
        module.Run("Register-HaloSyncTask $root; Register-HaloSyncTask $root/5min -Name second");
        module.Run("New-HaloSyncInstance $root/5min/hourly -CopyFrom $config | Register-HaloSyncTask");
        string[] Names(string script) => module.Run(script).Select(task => (string)task.Properties["Name"].Value).Order().ToArray();
        Assert.Equal(["5min", "second"], Names("Get-HaloSyncTask -ConfigPath $root/5min"));
        Assert.Equal(["5min", "second"], Names("Get-HaloSyncTask -ConfigPath $root/5MIN/appsettings.json"));
        Assert.Equal(["second"], Names("Get-HaloSyncTask s* -ConfigPath $root/5min/"));
        Assert.Equal(["5min", "hourly", "second"], Names("Get-HaloSyncTask -Path $root/5min"));
        Assert.Empty(Names("Get-HaloSyncTask -ConfigPath $root"));
        Assert.Empty(Names("Get-HaloSyncTask daily* -ConfigPath $root/5min"));
        var before = scheduler.Deeds.Count;
        module.Run("Get-HaloSyncTask second | Unregister-HaloSyncTask -Confirm:$false");
        module.Run("Get-HaloSyncTask -ConfigPath $root/5min | Start-HaloSyncTask");
        module.Run("Unregister-HaloSyncTask -ConfigPath $root/5min -Confirm:$false");
        Assert.Equal(["remove second", "start 5min", "remove 5min"], scheduler.Deeds.Skip(before));
        Assert.Equal(["daily-0300", "hourly"], Names("Get-HaloSyncTask"));
    }

    [Fact]
    public void Nothing_named_is_never_all()
    {
        module.Run("Register-HaloSyncTask $root; Register-HaloSyncTask $root/5min -Name pax; $path = $ExecutionContext.SessionState.Path; $here = $path.CurrentLocation");
        foreach (var (script, code) in new[]
        {
            ("Unregister-HaloSyncTask -ErrorAction Stop", "Usage"),
            ("Start-HaloSyncTask -ErrorAction Stop", "Usage"),
            ("Register-HaloSyncTask -ErrorAction Stop", "Usage"),
            ("Unregister-HaloSyncTask -ConfigPath $root -ErrorAction Stop", "TaskNotFound"),
            ("Unregister-HaloSyncTask -ConfigPath Gone:5min -ErrorAction Stop", "TaskNotFound"),
            ("Unregister-HaloSyncTask daily-0300 -ConfigPath $root/5min -ErrorAction Stop", "TaskNotFound"),
            ("$null = $path.SetLocation(\"$root/..\"); Unregister-HaloSyncTask ([IO.Path]::GetFileName($root)) -ErrorAction Stop", "TaskNotFound"),
            ("Register-HaloSyncTask $root/daily-0300 -ConfigPath $root/5min -ErrorAction Stop", "InstanceNotFound"),
        })
        {
            var problem = Assert.IsType<ErrorRecord>(Assert.Single(module.Run($"try {{ {script} }} catch {{ $_ }}")).BaseObject);
            Assert.StartsWith(code, problem.FullyQualifiedErrorId);
            Assert.Contains("Fix: ", problem.ErrorDetails.Message);
        }
        module.Run("$null = $path.SetLocation($here)");
        Assert.Equal(3, scheduler.Deeds.Count);
    }

    [Fact]
    public void ConfigPath_registers_one_instance_alone()
    {
        module.Run("Register-HaloSyncTask -ConfigPath $root/5min");
        module.Run("Register-HaloSyncTask $root -ConfigPath $root/daily-0300 -Account 'LOCAL SERVICE'");
        Assert.Equal(["register 5min as S-1-5-18", "register daily-0300 as S-1-5-19"], scheduler.Deeds);
        var folder = OnWindows();
        Assert.Contains(folder, (string)Assert.Single(module.Run($"Register-HaloSyncTask -ConfigPath '{folder}' -AsXml -WarningAction SilentlyContinue")).BaseObject.ToString()!.Replace("&amp;", "&"));
    }

    [Fact]
    public void Completes_frequencies_and_accounts()
    {
        string[] Complete(string line) => CommandCompletion.CompleteInput(line, line.Length, null, module.Shell("")).CompletionMatches.Select(match => match.CompletionText).ToArray();
        Assert.Contains("hourly", Complete("Register-HaloSyncTask x -Every h"));
        Assert.Contains("'LOCAL SERVICE'", Complete("Register-HaloSyncTask x -Account L"));
    }
}
