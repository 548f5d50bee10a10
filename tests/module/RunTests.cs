using System.Management.Automation;
using Xunit;

namespace HaloDBIntegrator.Tests;

public sealed class RunTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    [Fact]
    public void A_run_is_on_record_with_its_log_and_its_exit_code()
    {
        module.Run("Invoke-HaloSync -Auto -ConfigPath $config -ErrorAction SilentlyContinue | Out-Null");
        var exitCode = (int)Assert.Single(module.Run("$LASTEXITCODE")).BaseObject;
        var run = Assert.Single(module.Run("Get-HaloSyncRun -ConfigPath $config -Last 1"));
        Assert.Equal("ended", run.Properties["State"].Value);
        Assert.Equal(exitCode, run.Properties["ExitCode"].Value);
        Assert.Equal(true, run.Properties["Auto"].Value);
        Assert.NotEmpty((System.Collections.IEnumerable)run.Properties["Entities"].Value);
        var lines = module.Run("Get-HaloSyncRun -ConfigPath $config -Last 1 | Get-HaloSyncLog -ConfigPath $config -Level info");
        Assert.Contains(lines, line => (string)line.Properties["Message"].Value == "Sync ended");
        Assert.All(lines, line => Assert.Equal(run.Properties["Id"].Value, line.Properties["Run"].Value));
        Assert.Empty(module.Run("Get-HaloSyncRun -ConfigPath $config -State running"));
    }

    [Fact]
    public void A_run_that_could_not_start_is_on_record_and_sets_the_exit_code()
    {
        module.Run("try { Invoke-HaloSync Pax8 -Entity Nonsense -ConfigPath $config -ErrorAction Stop } catch { }");
        Assert.Equal(2, Assert.Single(module.Run("$LASTEXITCODE")).BaseObject);
        Assert.NotNull(Assert.Single(module.Run("Get-HaloSyncRun -ConfigPath $config -Failed -Last 1")).Properties["Error"].Value);
    }

    [Fact]
    public void Runs_and_lines_are_filtered()
    {
        module.Run("Invoke-HaloSync Pax8 -Entity Products -ConfigPath $config; Invoke-HaloSync Pax8 -Entity Products -ConfigPath $config -WhatIf");
        Assert.Equal(2, module.Run("Get-HaloSyncRun -ConfigPath $config -Last 2").Count);
        Assert.NotEmpty(module.Run("Get-HaloSyncRun -ConfigPath $config -Integration pax8 -Entity products -Since ([datetime]::Now.AddHours(-1))"));
        Assert.Empty(module.Run("Get-HaloSyncRun -ConfigPath $config -Since ([datetime]::Now.AddHours(1))"));
        Assert.Empty(module.Run("Get-HaloSyncRun -ConfigPath $config -Integration EntraId"));
        Assert.Single(module.Run("Get-HaloSyncLog -ConfigPath $config -Tail 1"));
        var lines = module.Run("Get-HaloSyncLog -ConfigPath $config -Integration Pax8 -Entity Products -Since ([datetime]::Now.AddHours(-1))");
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal("Products", line.Properties["Entity"].Value));
        Assert.DoesNotContain(module.Run("Get-HaloSyncLog -ConfigPath $config -Level error -Tail 0"), line => (string)line.Properties["Level"].Value != "error");
    }

    [Fact]
    public void What_a_run_changed_comes_down_the_pipeline_as_objects()
    {
        module.Run("Invoke-HaloSync Pax8 -Entity Customers, Products, Subscriptions -ConfigPath $config -ErrorAction SilentlyContinue | Out-Null");
        var changes = module.Run("Get-HaloSyncRun -ConfigPath $config | Get-HaloSyncChange -Entity Products");
        Assert.NotEmpty(changes);
        Assert.All(changes, change => Assert.Equal("ITEM", change.Properties["Table"].Value));
        Assert.All(changes, change => Assert.Equal(true, change.Properties["Certain"].Value));
        var fields = Assert.IsAssignableFrom<System.Collections.IEnumerable>(changes[0].Properties["Fields"].Value).Cast<object>().Select(field => $"{field}");
        Assert.Contains(fields, field => field.StartsWith("name=", StringComparison.Ordinal));
        Assert.Equal(module.Instance.Settings, changes[0].Properties["ConfigPath"].Value);
        Assert.Empty(module.Run("Get-HaloSyncRun -ConfigPath $config -Last 1 | Get-HaloSyncChange -Table Nonsense"));
        const string Undo = "@(Get-HaloSyncRun -ConfigPath $config | Where-Object { $_ | Get-HaloSyncChange })[0] | Undo-HaloSync ";
        var foreseen = module.Run(Undo + "-WhatIf");
        Assert.NotEmpty(foreseen);
        Assert.All(foreseen, row => Assert.Null(row.Properties["RunId"].Value));
        var undone = module.Run(Undo + "-Confirm:$false");
        Assert.Contains(undone, row => (string)row.Properties["Outcome"].Value == "set inactive");
    }

    [Fact]
    public void What_is_rejected_comes_down_the_pipeline_as_objects()
    {
        using var apart = new ModuleSession();
        const string Rejected = "Invoke-HaloSync Pax8 -Entity Subscriptions -ConfigPath $config -WarningAction Ignore | Get-HaloSyncRejection";
        var rejections = apart.Run(Rejected);
        Assert.NotEmpty(rejections);
        Assert.All(rejections, one => Assert.Equal("Subscriptions", one.Properties["Entity"].Value));
        Assert.All(rejections, one => Assert.Equal("Sync", one.Properties["Source"].Value));
        Assert.All(rejections, one => Assert.Equal(1, one.Properties["Runs"].Value));
        Assert.All(rejections, one => Assert.IsType<DateTime>(one.Properties["Since"].Value));
        Assert.Contains("no client in Halo", (string)rejections[0].Properties["Reason"].Value);
        Assert.NotEmpty(apart.Run("@(Get-HaloSyncRejection -ConfigPath $config)[0] | Get-HaloSyncRun"));
        apart.Run("Invoke-HaloSync Pax8 -Entity Customers -ConfigPath $config | Out-Null");
        Assert.Empty(apart.Run(Rejected));
    }

    [Fact]
    public void Runs_are_exported_as_a_page()
    {
        module.Run("Invoke-HaloSync Pax8 -Entity Products -ConfigPath $config");
        var path = Path.Combine(Path.GetDirectoryName(module.Instance.Settings)!, "report.html");
        module.Run($"Export-HaloSyncReport '{path}' -ConfigPath $config -WhatIf");
        Assert.False(File.Exists(path));
        var file = Assert.IsType<FileInfo>(Assert.Single(module.Run($"Export-HaloSyncReport '{path}' -Last 1 -ConfigPath $config -PassThru")).BaseObject);
        Assert.Contains("Pax8 Products", File.ReadAllText(file.FullName));
    }

    [Fact]
    public void What_a_sync_gives_stays_at_its_instance_and_asks_once_for_its_run()
    {
        using var other = new HaloInstance();
        var sync = $"Invoke-HaloSync Pax8 -Entity Customers, Products -ConfigPath '{other.Settings}'";
        var run = Assert.Single(module.Run($"{sync} | Get-HaloSyncRun"));
        Assert.Equal(other.Settings, run.Properties["ConfigPath"].Value);
        var lines = module.Run($"{sync} | Get-HaloSyncLog -Tail 0");
        Assert.All(lines, line => Assert.Equal(other.Settings, line.Properties["ConfigPath"].Value));
        Assert.Single(lines, line => (string)line.Properties["Message"].Value == "Sync ended");
        Assert.Single(lines.Select(line => line.Properties["Run"].Value).Distinct());
        var planned = Assert.Single(module.Run($"{sync} -WhatIf -Summary | Get-HaloSyncRun"));
        Assert.Equal(true, planned.Properties["WhatIf"].Value);
        var page = Assert.Single(module.Run($"{sync} | Export-HaloSyncReport '{Path.ChangeExtension(other.Settings, "html")}' -PassThru"));
        Assert.Contains(Path.GetDirectoryName(other.Settings)!, File.ReadAllText(((FileInfo)page.BaseObject).FullName));
    }

    [Fact]
    public void Stopping_nothing_is_no_error()
    {
        using var shell = module.Shell("Stop-HaloSync -ConfigPath $config -PassThru");
        Assert.Empty(shell.Invoke());
        Assert.Empty(shell.Streams.Error);
    }

    [Fact]
    public void Another_prompt_sees_a_run_in_progress_and_stops_it()
    {
        module.Instance.Hold(true);
        try
        {
            using var prompt = module.AnotherPrompt();
            using var sync = module.Shell("Invoke-HaloSync -Auto -ConfigPath $config; $LASTEXITCODE");
            var running = sync.BeginInvoke();
            PSObject? seen = null;
            // The run cannot end by itself, so it is seen however long it takes to begin.
            while (seen == null && !running.IsCompleted) seen = prompt.Run("Get-HaloSyncRun -State running -ConfigPath $config").SingleOrDefault();
            Assert.NotNull(seen);
            Assert.Null(seen.Properties["ExitCode"].Value);
            Assert.Empty(prompt.Run("Stop-HaloSync -ConfigPath $config -PassThru -WhatIf"));
            var stopped = Assert.Single(prompt.Run("Get-HaloSyncRun -State running -ConfigPath $config | Stop-HaloSync -ConfigPath $config -PassThru"));
            Assert.Equal(seen.Properties["Id"].Value, stopped.Properties["Id"].Value);
            Assert.Equal("ended", stopped.Properties["State"].Value);
            Assert.Equal(130, stopped.Properties["ExitCode"].Value);
            Assert.Equal(130, sync.EndInvoke(running)[^1].BaseObject);
        }
        finally
        {
            module.Instance.Hold(false);
        }
    }

    [Fact]
    public void A_log_is_followed_until_it_is_stopped()
    {
        module.Run("Invoke-HaloSync Pax8 -Entity Products -ConfigPath $config");
        using var prompt = module.AnotherPrompt();
        using var follow = module.Shell("Get-HaloSyncLog -Wait -Tail 1 -ConfigPath $config");
        var given = new PSDataCollection<PSObject>();
        var following = follow.BeginInvoke<PSObject, PSObject>(null, given);
        var lines = new List<PSObject>();
        // It goes on by itself, so each of the two comes however long it takes.
        void Until(Func<PSObject, bool> comes)
        {
            while (!following.IsCompleted && !lines.Exists(line => comes(line)))
            {
                Thread.Sleep(20);
                lines.AddRange(given.ReadAll());
            }
        }
        Until(line => true);
        Assert.Equal("Sync ended", Assert.Single(lines).Properties["Message"].Value);
        var run = prompt.Run("Invoke-HaloSync Pax8 -Entity Products -ConfigPath $config")[0].Properties["RunId"].Value;
        bool OfRun(PSObject line) => Equals(line.Properties["Run"].Value, run);
        Until(line => OfRun(line) && (string)line.Properties["Message"].Value == "Sync ended");
        Assert.False(following.IsCompleted);
        follow.Stop();
        Assert.Equal(prompt.Run($"Get-HaloSyncLog -Run {run} -Tail 0 -ConfigPath $config").Count, lines.Count(OfRun));
        Assert.Equal(1, lines.Count(line => !OfRun(line)));
    }

    [Fact]
    public void A_scheduled_run_through_PowerShell_that_cannot_start_leaves_its_line()
    {
        var folder = Directory.CreateTempSubdirectory("halo auto-").FullName;
        File.WriteAllText(Path.Combine(folder, "appsetings.json"), "{}");
        module.Run($"try {{ Invoke-HaloSync -Auto -ConfigPath '{folder}' -ErrorAction Stop }} catch {{ }}");
        Assert.Equal(2, Assert.Single(module.Run("$LASTEXITCODE")).BaseObject);
        var line = Assert.Single(module.Run($"Get-HaloSyncLog -ConfigPath '{folder}'"));
        Assert.Contains("appsetings.json", (string)line.Properties["Message"].Value);
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>What changes the environment of the whole process, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(WithoutNode), DisableParallelization = true)]
public sealed class WithoutNode;

[Collection(nameof(WithoutNode))]
public sealed class WithoutNodeTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    [Fact]
    public void A_scheduled_run_that_finds_no_Node_leaves_its_line()
    {
        const string variable = "HALO_DB_INTEGRATOR_NODE";
        var folder = Path.GetDirectoryName(module.Instance.Settings)!;
        var node = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, "/nowhere/node");
        try
        {
            module.Run("try { Invoke-HaloSync -Auto -ConfigPath $config -ErrorAction Stop } catch { }");
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, node);
        }
        Assert.Equal(2, Assert.Single(module.Run("$LASTEXITCODE")).BaseObject);
        var line = Assert.Single(module.Run("Get-HaloSyncLog 1 -ConfigPath $config"));
        Assert.Contains($"{folder} did not run", (string)line.Properties["Message"].Value);
        Assert.Contains("/nowhere/node", (string)line.Properties["Message"].Value);
    }

    [Theory]
    [InlineData(FileShare.ReadWrite)]
    [InlineData(FileShare.None)]
    public async Task The_line_comes_into_a_log_that_another_program_has_open(FileShare share)
    {
        var folder = Directory.CreateTempSubdirectory("halo log-").FullName;
        var assembly = ((CmdletInfo)module.Run("Get-Command Invoke-HaloSync")[0].BaseObject).ImplementingType.Assembly;
        var problem = Activator.CreateInstance(assembly.GetType("HaloDBIntegrator.Errors.NodeNotFoundException")!, "No Node.");
        var write = assembly.GetType("HaloDBIntegrator.Bridge.LastWords")!.GetMethod("Write")!;
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "logs")).FullName, $"halo-db-integrator-{DateTime.Now:yyyy-MM-dd}.log");
        Task written;
        await using (new FileStream(path, FileMode.Append, FileAccess.Write, share))
        {
            written = Task.Run(() => write.Invoke(null, [problem, Path.Combine(folder, "appsettings.json")]));
            await Task.Delay(150);
        }
        await written;
        Assert.Contains("No Node.", File.ReadAllText(path));
        Directory.Delete(folder, recursive: true);
    }
}
