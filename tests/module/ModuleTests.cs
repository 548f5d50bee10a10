using System.Diagnostics;
using System.Management.Automation;
using Xunit;

namespace HaloDBIntegrator.Tests;

public sealed class ModuleTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    [Fact]
    public void Exports_its_cmdlets()
    {
        var names = module.Run("(Get-Module HaloDBIntegrator).ExportedCmdlets.Keys").Select(name => name.ToString()).Order();
        Assert.Equal(
            ["Disable-HaloIntegration", "Enable-HaloIntegration", "Get-HaloDbConfig", "Get-HaloIntegration", "Invoke-HaloApi", "Invoke-HaloSync", "Set-HaloDbConfig", "Test-HaloDbConfig"],
            names);
    }

    [Fact]
    public void Changes_settings_and_shows_no_secret()
    {
        using var shell = module.Shell("""
            $password = [securestring]::new(); 'pa55'.ToCharArray() | ForEach-Object { $password.AppendChar($_) }
            Set-HaloDbConfig -HaloUrl https://two.example.com -Credential ([pscredential]::new('sa', $password)) -PassThru -Verbose
            """);
        var config = Assert.Single(shell.Invoke());
        Assert.Equal("https://two.example.com", config.Properties["HaloUrl"].Value);
        Assert.Equal(true, config.Properties["HasPassword"].Value);
        Assert.DoesNotContain(shell.Streams.Verbose, record => record.Message.Contains("pa55"));
    }

    [Fact]
    public void Gives_checks_states_and_records()
    {
        Assert.Equal(true, Assert.Single(module.Run("Test-HaloDbConfig")).Properties["Passed"].Value);
        Assert.Equal("Off in Halo.", Assert.Single(module.Run("Get-HaloIntegration pax*")).Properties["Reason"].Value);
        Assert.Single(module.Run("Get-HaloIntegration | Enable-HaloIntegration -PassThru"));
        var client = Assert.Single(module.Run("Invoke-HaloApi Client -Search 'a&b'"));
        Assert.Equal(12, client.Properties["id"].Value);
        Assert.Equal("/Client?search=a%26b", client.Properties["name"].Value);
    }

    [Fact]
    public void An_engine_error_carries_code_category_and_advice()
    {
        var caught = Assert.Single(module.Run("try { Invoke-HaloSync Unknown } catch { $_ }"));
        var problem = Assert.IsType<ErrorRecord>(caught.BaseObject);
        Assert.StartsWith("SettingsInvalid", problem.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, problem.CategoryInfo.Category);
        Assert.Equal("Remove it.", problem.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Completes_entities_without_an_engine()
    {
        const string line = "Invoke-HaloSync -Integration Pax8 -Entity Su";
        var found = CommandCompletion.CompleteInput(line, line.Length, null, module.Shell(""));
        Assert.Contains(found.CompletionMatches, match => match.CompletionText == "Subscriptions");
    }

    [Fact]
    public async Task Stop_ends_the_engine()
    {
        using var shell = module.Shell("$DebugPreference = 'Continue'; Invoke-HaloSync Pax8");
        var waiting = new TaskCompletionSource();
        shell.Streams.Progress.DataAdded += (_, _) => waiting.TrySetResult();
        var running = shell.BeginInvoke();
        await waiting.Task;
        var id = int.Parse(shell.Streams.Debug[0].Message.Split(' ')[^1].TrimEnd('.'));
        if (OperatingSystem.IsLinux()) Assert.EndsWith("main.mjs\0serve\0", File.ReadAllText($"/proc/{id}/cmdline"));
        shell.Stop();
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        Assert.DoesNotContain(Process.GetProcesses(), process => process.Id == id);
    }
}
