using System.Diagnostics;
using System.Management.Automation;
using System.Text.Json.Nodes;
using Xunit;

namespace HaloDBIntegrator.Tests;

public sealed class ModuleTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    private static T Value<T>(PSObject from, string name) => Assert.IsType<T>(from.Properties[name].Value);

    private static IEnumerable<string> Shown(PowerShell shell) =>
        shell.Streams.Verbose.Select(record => record.Message)
            .Concat(shell.Streams.Debug.Select(record => record.Message))
            .Concat(shell.Streams.Warning.Select(record => record.Message))
            .Concat(shell.Streams.Error.Select(record => record.ToString()));

    [Theory]
    [InlineData("Get-HaloDbConfig")]
    [InlineData("Set-HaloDbConfig")]
    [InlineData("Test-HaloDbConfig")]
    [InlineData("Get-HaloIntegration")]
    [InlineData("Enable-HaloIntegration")]
    [InlineData("Disable-HaloIntegration")]
    [InlineData("Invoke-HaloSync")]
    [InlineData("Invoke-HaloApi")]
    public void Exports_the_cmdlet(string name) => Assert.Single(module.Run($"Get-Command {name} -Module HaloDBIntegrator"));

    [Fact]
    public void Every_exported_cmdlet_exists_and_has_an_approved_verb()
    {
        var listed = module.Run("(Get-Module HaloDBIntegrator).ExportedCmdlets.Values").Select(one => (CmdletInfo)one.BaseObject).ToList();
        var classes = listed[0].ImplementingType.Assembly.GetTypes().Where(type => type.IsDefined(typeof(CmdletAttribute), false)).ToList();
        Assert.Equal(classes.Select(type => type.Name).Order(), listed.Select(one => one.ImplementingType.Name).Order());
        var verbs = new[] { typeof(VerbsCommon), typeof(VerbsLifecycle), typeof(VerbsDiagnostic), typeof(VerbsData), typeof(VerbsCommunications), typeof(VerbsSecurity), typeof(VerbsOther) }
            .SelectMany(type => type.GetFields()).Select(field => (string)field.GetValue(null)!);
        Assert.All(listed, one => Assert.Contains(one.Verb, verbs));
    }

    [Fact]
    public void Changes_settings_and_shows_no_secret()
    {
        using var shell = module.Shell("""
            $password = [securestring]::new(); 'pa55w0rd'.ToCharArray() | ForEach-Object { $password.AppendChar($_) }
            Set-HaloDbConfig -ConfigPath $config -HaloUrl https://two.example.com -Credential ([pscredential]::new('sa', $password)) -PassThru -Verbose -Debug -WarningAction Continue
            """);
        var config = Assert.Single(shell.Invoke());
        Assert.Equal("https://two.example.com", config.Properties["HaloUrl"].Value);
        Assert.Equal(true, config.Properties["HasPassword"].Value);
        Assert.Contains("pa55w0rd", File.ReadAllText(module.Instance.Settings));
        Assert.DoesNotContain(Shown(shell), text => text.Contains("pa55w0rd") || text.Contains(module.Instance.ClientSecret));
    }

    [Theory]
    [InlineData("-Authentication Windows", "windows", null)]
    [InlineData("-Authentication SQL", "sql", null)]
    [InlineData("-Authentication ntlm", "ntlm", null)]
    [InlineData("-Authentication Entra-Token", "entra-token", null)]
    [InlineData("-Authentication entra-password -ClientId 0a1b -TenantId example.com", "entra-password", "0a1b")]
    public void Sets_how_to_sign_in_as_the_settings_write_it(string words, string authentication, string? clientId)
    {
        var before = File.ReadAllText(module.Instance.Settings);
        using var shell = module.Shell($"Set-HaloDbConfig -ConfigPath $config {words} -PassThru");
        var config = Assert.Single(shell.Invoke());
        var saved = JsonNode.Parse(File.ReadAllText(module.Instance.Settings))!["Database"]!;
        File.WriteAllText(module.Instance.Settings, before);
        Assert.Equal((authentication, clientId), ((string?)saved["Authentication"], (string?)saved["ClientId"]));
        Assert.Equal(authentication, config.Properties["Authentication"].Value);
    }

    [Fact]
    public void Offers_every_way_to_sign_in_that_the_settings_have()
    {
        var before = File.ReadAllText(module.Instance.Settings);
        var offered = Assert.Single(module.Run("(Get-Command Set-HaloDbConfig).Parameters.Authentication.Attributes.ValidValues -join ', '"));
        var wrong = JsonNode.Parse(before)!;
        wrong["Database"]!["Authentication"] = "none";
        File.WriteAllText(module.Instance.Settings, wrong.ToJsonString());
        var caught = Assert.Single(module.Run("try { Get-HaloDbConfig -ConfigPath $config -ErrorAction Stop } catch { $_ }"));
        File.WriteAllText(module.Instance.Settings, before);
        Assert.Contains($"use one of {offered}", Assert.IsType<ErrorRecord>(caught.BaseObject).Exception.Message);
    }

    [Fact]
    public void Sets_who_is_told_and_shows_neither_password_nor_webhook()
    {
        var before = File.ReadAllText(module.Instance.Settings);
        using var shell = module.Shell("""
            $secret = { param($text) $made = [securestring]::new(); $text.ToCharArray() | ForEach-Object { $made.AppendChar($_) }; $made }
            $credential = [pscredential]::new('halo', (& $secret 'pa55w0rd'))
            Set-HaloDbConfig -ConfigPath $config -NoticeServer smtp.example.com -NoticePort 2525 -NoticeSecurity tls -NoticeFrom a@example.com -NoticeTo b@example.com, c@example.com `
                -NoticeCredential $credential -NoticeWebhook (& $secret 'https://hooks.example.com/h00k') -NoticeWebhookShape slack -PassThru -Verbose -Debug -WarningAction Continue
            """);
        var config = Assert.Single(shell.Invoke());
        var written = File.ReadAllText(module.Instance.Settings);
        File.WriteAllText(module.Instance.Settings, before);
        Assert.Contains("pa55w0rd", written);
        Assert.Contains("h00k", written);
        var whole = PSSerializer.Serialize(config, 8);
        Assert.Contains("c@example.com", whole);
        Assert.DoesNotContain([.. Shown(shell), whole], text => text.Contains("pa55w0rd") || text.Contains("h00k"));
    }

    [Fact]
    public void Gives_every_setting_and_no_secret()
    {
        object? Of(string path) => Assert.Single(module.Run($"(Get-HaloDbConfig -ConfigPath $config).{path}"))?.BaseObject;
        Assert.Equal(20, Of("Sync.MaxDeactivatePercent"));
        Assert.Equal("info", Of("Logging.Level"));
        Assert.Equal(Of("Sync.BatchSize"), Of("Settings.Sync.BatchSize"));
        Assert.Equal("***", Of("Settings.Integrations.Pax8.Settings.ClientSecret"));
        Assert.Contains("Pax8 Customers", module.Run("(Get-HaloDbConfig -ConfigPath $config).EntitiesOn").Select(one => (string)one.BaseObject));
        var written = File.ReadAllText(module.Instance.Settings);
        var date = Assert.Single(module.Run("(Set-HaloDbConfig -NhserverUpgradeDate 2026-11-24 -ConfigPath $config -PassThru).Nhserver.UpgradeDate"));
        File.WriteAllText(module.Instance.Settings, written);
        Assert.Equal("2026-11-24", date.BaseObject);
        var whole = PSSerializer.Serialize(Assert.Single(module.Run("Get-HaloDbConfig -ConfigPath $config")), 8);
        Assert.Contains("MaxDeactivatePercent", whole);
        Assert.DoesNotContain(module.Instance.ClientSecret, whole);
    }

    [Fact]
    public void WhatIf_leaves_the_settings_alone()
    {
        var before = File.ReadAllText(module.Instance.Settings);
        module.Run("Set-HaloDbConfig -ConfigPath $config -Server elsewhere -WhatIf");
        Assert.Equal(before, File.ReadAllText(module.Instance.Settings));
    }

    [Fact]
    public void A_wrong_value_is_refused_with_the_engines_words()
    {
        var caught = Assert.Single(module.Run("try { Set-HaloDbConfig -ConfigPath $config -HaloUrl nonsense -ErrorAction Stop } catch { $_ }"));
        var problem = Assert.IsType<ErrorRecord>(caught.BaseObject);
        Assert.StartsWith("SettingsInvalid", problem.FullyQualifiedErrorId);
        Assert.Contains("HaloUrl is not a web address", problem.Exception.Message);
    }

    [Fact]
    public void Checks_settings_database_and_vendor()
    {
        var checks = module.Run("Test-HaloDbConfig -ConfigPath $config");
        Assert.All(checks, check => Assert.True(Value<bool>(check, "Passed"), $"{check.Properties["Name"].Value}: {check.Properties["Detail"].Value}"));
        Assert.Contains(checks, check => (string)check.Properties["Name"].Value == "Pax8 reached");
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_failed_check()
    {
        var check = Assert.Single(module.Run("Test-HaloDbConfig -ConfigPath /nowhere/appsettings.json"));
        Assert.False(Value<bool>(check, "Passed"));
        Assert.NotEmpty(Value<string>(check, "Fix"));
    }

    [Fact]
    public void Says_which_switch_is_off()
    {
        var off = Assert.Single(module.Run("Disable-HaloIntegration Pax8 -Entity Products -ConfigPath $config -PassThru"));
        Assert.Contains("Integrations.Pax8.Entities.Products", Value<string>(off, "Reason"));
        var on = Assert.Single(module.Run("Get-HaloIntegration Pax8 Products -ConfigPath $config | Enable-HaloIntegration -ConfigPath $config -PassThru"));
        Assert.True(Value<bool>(on, "WillRun"));
    }

    [Fact]
    public void A_pipeline_stays_at_its_instance()
    {
        using var other = new HaloInstance();
        module.Run($"Get-HaloIntegration Pax8 Products -ConfigPath '{other.Settings}' | Disable-HaloIntegration");
        var states = module.Run($"[pscustomobject]@{{ ConfigPath = $config }}, [pscustomobject]@{{ ConfigPath = '{other.Settings}' }} | Get-HaloIntegration Pax8 Products");
        Assert.Equal([(module.Instance.Settings, true), (other.Settings, false)], states.Select(one => (Value<string>(one, "ConfigPath"), Value<bool>(one, "EnabledHere"))));
        module.Run("Invoke-HaloSync Pax8 -Entity Customers -ConfigPath $config");
        Assert.All(module.Run("Get-HaloSyncRun -Last 1 -ConfigPath $config | Get-HaloSyncLog -Tail 1"), line => Assert.NotNull(Value<string>(line, "Run")));
    }

    [Fact]
    public void Reads_through_the_built_in_api()
    {
        var clients = module.Run("Invoke-HaloApi Client -Search brewery -ConfigPath $config");
        Assert.All(clients, client => Assert.Contains("brewery", (string)client.Properties["name"].Value, StringComparison.OrdinalIgnoreCase));
        var one = Assert.Single(module.Run("Invoke-HaloApi Client -Id 1 -ConfigPath $config"));
        Assert.Equal(1, Convert.ToInt32(one.Properties["id"].Value));
        Assert.Empty(module.Run("Invoke-HaloApi Client -Search 'a&b%_' -ConfigPath $config"));
    }

    [Fact]
    public void Syncs_and_the_second_time_finds_all_unchanged()
    {
        var plan = Assert.Single(module.Run("Invoke-HaloSync Pax8 -Entity Customers -ConfigPath $config -WhatIf -Summary"));
        Assert.Equal("HaloDBIntegrator.Models.HaloSyncPlan", plan.BaseObject.GetType().FullName);
        using var other = new HaloInstance();
        var planned = module.Run($"Invoke-HaloSync Pax8 -Entity Customers -ConfigPath '{other.Settings}' -WhatIf | Where-Object Table -eq AREA");
        Assert.All(planned, one => Assert.Equal(("create", "Client", "Customers"), (Value<string>(one, "Action"), Value<string>(one, "Resource"), Value<string>(one, "Entity"))));
        Assert.Equal("new 1", Value<string>(planned[0], "Id"));
        using var shell = module.Shell("Invoke-HaloSync Pax8 -Entity Customers, Subscriptions -ConfigPath $config -Verbose -Debug");
        var first = shell.Invoke();
        Assert.Equal(["Customers", "Subscriptions"], first.Select(one => Value<string>(one, "Entity")));
        Assert.Equal(450, Convert.ToInt32(first[1].Properties["Created"].Value) + Convert.ToInt32(first[1].Properties["Unchanged"].Value) + Convert.ToInt32(first[1].Properties["Rejected"].Value));
        Assert.DoesNotContain(Shown(shell), text => text.Contains(module.Instance.ClientSecret));
        var second = module.Run("Invoke-HaloSync Pax8 -Entity Subscriptions -ConfigPath $config");
        Assert.Equal(0, Convert.ToInt32(Assert.Single(second).Properties["Created"].Value));
    }

    [Fact]
    public void An_engine_error_carries_code_category_and_advice()
    {
        var caught = Assert.Single(module.Run("try { Invoke-HaloSync Unknown -ConfigPath $config -ErrorAction Stop } catch { $_ }"));
        var problem = Assert.IsType<ErrorRecord>(caught.BaseObject);
        Assert.StartsWith("UnknownIntegration", problem.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, problem.CategoryInfo.Category);
        Assert.Contains("Fix: ", problem.ErrorDetails.Message);
    }

    [Fact]
    public void Completes_entities_without_an_engine()
    {
        string[] Complete(string line) => CommandCompletion.CompleteInput(line, line.Length, null, module.Shell("")).CompletionMatches.Select(match => match.CompletionText).ToArray();
        Assert.Equal(["Subscriptions"], Complete("Invoke-HaloSync -Integration Pax8 -Entity Su"));
        Assert.Equal(["EntraId"], Complete("Enable-HaloIntegration E"));
        Assert.Equal(["SoftwareLicence"], Complete("Invoke-HaloApi Soft"));
    }

    [Fact]
    public void A_name_that_is_none_is_an_error_and_a_wildcard_is_not()
    {
        var caught = Assert.Single(module.Run("try { Get-HaloIntegration Nope -ConfigPath $config -ErrorAction Stop } catch { $_ }"));
        var problem = Assert.IsType<ErrorRecord>(caught.BaseObject);
        Assert.StartsWith("UnknownIntegration", problem.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, problem.CategoryInfo.Category);
        Assert.Empty(module.Run("Get-HaloIntegration Nope* -ConfigPath $config"));
    }

    [Fact]
    public void WhatIf_of_a_switch_fails_as_the_switch_would_and_saves_nothing()
    {
        var caught = Assert.Single(module.Run("try { Enable-HaloIntegration Pax8 -Entity Nope -ConfigPath $config -WhatIf -ErrorAction Stop } catch { $_ }"));
        Assert.StartsWith("UnknownEntity", Assert.IsType<ErrorRecord>(caught.BaseObject).FullyQualifiedErrorId);
        var before = File.ReadAllText(module.Instance.Settings);
        module.Run("Disable-HaloIntegration Pax8 -ConfigPath $config -WhatIf");
        Assert.Equal(before, File.ReadAllText(module.Instance.Settings));
    }

    [Fact]
    public void Opens_a_secret_in_a_vault_and_shows_it_nowhere()
    {
        var written = File.ReadAllText(module.Instance.Settings);
        try
        {
            File.WriteAllText(module.Instance.Settings, written.Replace($"\"{module.Instance.ClientSecret}\"", """{"Vault":"Halo","Secret":"pax8"}"""));
            using var without = module.Shell("Test-HaloDbConfig -ConfigPath $config");
            var checks = without.Invoke();
            Assert.True(checks.Count > 0, string.Join("|", Shown(without)) + without.InvocationStateInfo.Reason);
            Assert.False(Value<bool>(checks[^1], "Passed"));
            Assert.Contains(without.Streams.Warning, warning => warning.Message.Contains("Integrations.Pax8.Settings.ClientSecret"));
            using var shell = module.Shell("function Get-Secret { param($Vault, $Name) if ($Vault -eq 'Halo' -and $Name -eq 'pax8') { $args0 } }".Replace("$args0", $"'{module.Instance.ClientSecret}'")
                + "; Test-HaloDbConfig -ConfigPath $config -Verbose -Debug");
            Assert.All(shell.Invoke(), check => Assert.True(Value<bool>(check, "Passed"), (string)check.Properties["Detail"].Value));
            Assert.DoesNotContain(Shown(shell), text => text.Contains(module.Instance.ClientSecret));
        }
        finally
        {
            File.WriteAllText(module.Instance.Settings, written);
        }
    }

    [FactElsewhere("a system without Windows' data protection")]
    public void Protection_is_Windows_own()
    {
        var caught = Assert.Single(module.Run("""
            $password = [securestring]::new(); $password.AppendChar('x')
            try { Set-HaloDbConfig -ConfigPath $config -Credential ([pscredential]::new('sa', $password)) -Protect -ErrorAction Stop } catch { $_ }
            """));
        Assert.StartsWith("ProtectionUnavailable", Assert.IsType<ErrorRecord>(caught.BaseObject).FullyQualifiedErrorId);
    }

    [Fact]
    public async Task Stop_ends_the_engine_with_130_at_a_safe_point()
    {
        module.Instance.Slow(50);
        using var shell = module.Shell("$DebugPreference = 'Continue'; Invoke-HaloSync Pax8 -Entity Subscriptions -ConfigPath $config");
        // Stop waits for the pipeline, so it must not be called by the pipeline's own thread.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shell.Streams.Debug.DataAdded += (_, _) => started.TrySetResult();
        shell.Streams.Progress.DataAdded += (_, _) => working.TrySetResult();
        var running = shell.BeginInvoke();
        await started.Task;
        var id = int.Parse(shell.Streams.Debug[0].Message.Split(' ')[^1].TrimEnd('.'));
        if (OperatingSystem.IsLinux()) Assert.EndsWith("main.mjs\0serve\0", File.ReadAllText($"/proc/{id}/cmdline"));
        await working.Task;
        shell.Stop();
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        Assert.DoesNotContain(Process.GetProcesses(), process => process.Id == id);
        Assert.Equal(130, Assert.Single(module.Run("$LASTEXITCODE")).BaseObject);
        var run = Assert.Single(module.Run("Get-HaloSyncRun -Last 1 -ConfigPath $config"));
        Assert.Equal(130, Value<int>(run, "ExitCode"));
        module.Instance.Slow(0);
    }
}
