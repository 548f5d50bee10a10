using System.Management.Automation;
using Xunit;

namespace HaloDBIntegrator.Tests.Windows;

/// <summary>What a person at a console does to a sync, with the engine in a real one; compiled for Windows only.</summary>
public sealed class ConsoleTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    [Theory]
    [InlineData(ConsoleEvent.CtrlC)]
    [InlineData(ConsoleEvent.Break)]
    [InlineData(ConsoleEvent.Close)]
    public void Who_closes_it_stops_a_sync_after_its_batch(ConsoleEvent what)
    {
        using var console = Sync();
        console.Tell(what);
        var run = Until(run => (string)run.Properties["State"].Value != "running");
        module.Instance.Hold(false);
        Assert.Equal(("ended", 130), ((string)run.Properties["State"].Value, (int)run.Properties["ExitCode"].Value));
        Assert.Equal(130, console.ExitCode());
        Assert.Contains("Stopping after the batch at hand", console.Shown);
    }

    [Fact]
    public void Who_halts_it_keeps_a_sync_from_nothing()
    {
        using var console = Sync();
        console.Halt(true);
        try
        {
            module.Instance.Hold(false);
            Assert.Equal("ended", Until(run => (string)run.Properties["State"].Value != "running").Properties["State"].Value);
        }
        finally
        {
            console.Halt(false);
        }
        Assert.Contains(console.ExitCode(), new[] { 0, 5 });
        Assert.Contains("Pax8 Customers", console.Shown);
    }

    /// <summary>A sync in a console, at work and held by its vendor.</summary>
    private PseudoConsole Sync()
    {
        module.Instance.Hold(true);
        var console = new PseudoConsole(Project.Node, "--no-warnings", Path.Combine(Project.Folder, "node", "dist", "main.mjs"), "AUTO", module.Instance.Settings);
        try
        {
            Until(run => (string)run.Properties["State"].Value == "running");
        }
        catch
        {
            console.Dispose();
            throw;
        }
        return console;
    }

    /// <summary>Looks again and again, and not for ever.</summary>
    private PSObject Until(Func<PSObject, bool> holds)
    {
        for (var looks = 0; looks < 1000; looks++)
        {
            if (LastRun() is { } run && holds(run)) return run;
            Thread.Sleep(50);
        }
        throw new InvalidOperationException("What was waited for did not come.");
    }

    private PSObject? LastRun() => module.Run("Get-HaloSyncRun -ConfigPath $config -Last 1").FirstOrDefault();
}
