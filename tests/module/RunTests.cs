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
        module.Run("try { Invoke-HaloSync Pax8 -Entity Nonsense -ConfigPath $config } catch { }");
        Assert.Equal(2, Assert.Single(module.Run("$LASTEXITCODE")).BaseObject);
        Assert.NotNull(Assert.Single(module.Run("Get-HaloSyncRun -ConfigPath $config -Failed -Last 1")).Properties["Error"].Value);
    }

    [Fact]
    public void Stopping_nothing_is_no_error()
    {
        using var shell = module.Shell("Stop-HaloSync -ConfigPath $config -PassThru");
        Assert.Empty(shell.Invoke());
        Assert.Empty(shell.Streams.Error);
    }
}
