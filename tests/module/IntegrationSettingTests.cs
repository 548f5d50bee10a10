using System.Management.Automation;
using System.Text.Json.Nodes;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>Set-HaloIntegrationSetting, on an instance's own file.</summary>
public sealed class IntegrationSettingTests : IClassFixture<ModuleSession>, IDisposable
{
    private const string Canary = "s3cret-Canary~1";
    private readonly ModuleSession module;
    private readonly string before;

    public IntegrationSettingTests(ModuleSession module)
    {
        this.module = module;
        before = File.ReadAllText(Settings);
        module.Run($"$secret = [securestring]::new(); '{Canary}'.ToCharArray() | ForEach-Object {{ $secret.AppendChar($_) }}");
    }

    private string Settings => module.Instance.Settings;

    public void Dispose() => File.WriteAllText(Settings, before);

    private JsonNode? Saved(params string[] keys) =>
        keys.Aggregate(JsonNode.Parse(File.ReadAllText(Settings))!["Integrations"], (node, key) => node?[key]);

    private void Set(string words)
    {
        using var shell = module.Shell($"Set-HaloIntegrationSetting {words} -ConfigPath $config");
        Assert.Empty(shell.Invoke());
        Assert.Empty(shell.Streams.Error);
    }

    private ErrorRecord Refused(string words) => Assert.IsType<ErrorRecord>(
        Assert.Single(module.Run($"try {{ Set-HaloIntegrationSetting {words} -ConfigPath $config -ErrorAction Stop }} catch {{ $_ }}")).BaseObject);

    [Fact]
    public void Saves_a_value_as_the_kind_that_the_setting_is()
    {
        Set("Pax8 ClientId 00123");
        Assert.Equal("00123", (string?)Saved("Pax8", "Settings", "ClientId"));
        Set("-Integration pax8 -Setting clientid -Value abc");
        Assert.Equal("abc", (string?)Saved("Pax8", "Settings", "ClientId"));
        Set("IncomingMail MaxMessageMB 40");
        Assert.Equal(40, (int?)Saved("IncomingMail", "Settings", "MaxMessageMB"));
        Set("IncomingMail AllowUnencrypted $true");
        Set("EntraId NestedGroups false");
        Assert.Equal((true, false), ((bool?)Saved("IncomingMail", "Settings", "AllowUnencrypted"), (bool?)Saved("EntraId", "Settings", "NestedGroups")));
        Set("IncomingMail Mailboxes Support, 3");
        Assert.Equal("""["Support","3"]""", Saved("IncomingMail", "Settings", "Mailboxes")!.ToJsonString());
        Set("IncomingMail Mailboxes Support");
        Assert.Equal("""["Support"]""", Saved("IncomingMail", "Settings", "Mailboxes")!.ToJsonString());
    }

    [Fact]
    public void Removes_what_is_set_to_null()
    {
        Set("Pax8 Audience api://p8p.client");
        Set("Pax8 Audience $null");
        Assert.False(Saved("Pax8", "Settings")!.AsObject().ContainsKey("Audience"));
        Set("IncomingMail Passwords -For Support -Secret $secret");
        Set("IncomingMail Passwords -For support -Value $null");
        Assert.Equal("{}", Saved("IncomingMail", "Settings", "Passwords")!.ToJsonString());
    }

    [Fact]
    public void Saves_a_secret_and_shows_it_in_no_stream()
    {
        using var shell = module.Shell("""
            $Error.Clear()
            Set-HaloIntegrationSetting Pax8 ClientSecret -Secret $secret -ConfigPath $config -PassThru -Verbose -Debug -WarningAction Continue *>&1
            try { Set-HaloIntegrationSetting Pax8 ClientId -Secret $secret -ConfigPath $config -Verbose -Debug *>&1 -ErrorAction Stop } catch { $_ }
            $Error; $Error | ForEach-Object { $_.Exception.ToString(); $_.TargetObject }
            Get-HaloDbConfig -ConfigPath $config
            """);
        var shown = shell.Invoke();
        Assert.Equal(Canary, (string?)Saved("Pax8", "Settings", "ClientSecret"));
        var configs = shown.Where(one => one.BaseObject.GetType().Name == "HaloDbConfig").ToList();
        Assert.Equal(2, configs.Count);
        Assert.All(configs, config => Assert.Contains("***", PSSerializer.Serialize(config, 8)));
        Assert.Contains(shown, one => one.BaseObject is DebugRecord);
        Assert.Equal(2, shown.Count(one => one.BaseObject is ErrorRecord));
        Assert.DoesNotContain(shown, one => (one + PSSerializer.Serialize(one, 8)).Contains(Canary));
    }

    [Fact]
    public void Saves_a_secret_of_each_name_once_whatever_its_case()
    {
        Set("IncomingMail Passwords -For a.b@example.com -Secret $secret");
        Set("IncomingMail passwords -For A.B@Example.com -Value @{ Environment = 'MAIL_PASSWORD' }");
        Set("IncomingMail GoogleRefreshTokens -For 3 -Secret $secret");
        Assert.Equal("""{"a.b@example.com":{"Environment":"MAIL_PASSWORD"}}""", Saved("IncomingMail", "Settings", "Passwords")!.ToJsonString());
        Assert.Equal(Canary, (string?)Saved("IncomingMail", "Settings", "GoogleRefreshTokens", "3"));
        Assert.Equal("***", Assert.Single(module.Run("(Get-HaloDbConfig -ConfigPath $config).Settings.Integrations.IncomingMail.Settings.GoogleRefreshTokens.3")).BaseObject);
    }

    [Fact]
    public void Takes_the_name_of_where_a_secret_is()
    {
        Set("Pax8 ClientSecret @{ Vault = 'Halo'; Secret = 'pax8' }");
        Assert.Equal(("Halo", "pax8"), ((string?)Saved("Pax8", "Settings", "ClientSecret", "Vault"), (string?)Saved("Pax8", "Settings", "ClientSecret", "Secret")));
    }

    [Theory]
    [InlineData($"Pax8 ClientSecret {Canary}", "Usage", "ClientSecret of Pax8 is a secret: give it as -Secret (Read-Host -AsSecureString), not as -Value.")]
    [InlineData("pax8 clientsecret 12345", "Usage", "ClientSecret of Pax8 is a secret: give it as -Secret (Read-Host -AsSecureString), not as -Value.")]
    [InlineData("Pax8 ClientSecret", "Usage", "ClientSecret of Pax8 is a secret: give it as -Secret (Read-Host -AsSecureString).")]
    [InlineData($"IncomingMail Passwords -For Support -Value {Canary}", "Usage", "Passwords of IncomingMail is a secret: give it as -Secret (Read-Host -AsSecureString), not as -Value.")]
    [InlineData($"IncomingMail Passwords @{{ Support = '{Canary}' }}", "Usage", "Passwords of IncomingMail is a secret for each of several names: give the name as -For.")]
    [InlineData("IncomingMail Passwords -Secret $secret", "Usage", "Passwords of IncomingMail is a secret for each of several names: give the name as -For.")]
    [InlineData("Pax8 ClientSecret -For Support -Secret $secret", "Usage", "ClientSecret of Pax8 is not kept by name: leave out -For.")]
    [InlineData("Pax8 ClientId -Secret $secret", "Usage", "ClientId of Pax8 is no secret: give it as -Value, not as -Secret.")]
    [InlineData("Pax8 ClientId", "Usage", "ClientId of Pax8 was given no value: give one as -Value.")]
    [InlineData("Pax8 ClientSecret -Secret ([securestring]::new())", "Usage", "The secret given is empty.")]
    [InlineData("Pax8 ClientId $secret", "Usage", "A SecureString is no value of a setting: give a text, a number, $true, $false or a list of texts, and a secret as -Secret.")]
    [InlineData($"Pax8 ClientSecret {Canary} -Protect", "Usage", "-Protect is for a secret, which is given as -Secret (Read-Host -AsSecureString), not as -Value.")]
    [InlineData("Pax 1 2", "UnknownIntegration", "There is no integration named \"Pax\".")]
    public void Refuses_in_one_line_what_is_given_the_wrong_way(string words, string code, string message)
    {
        foreach (var whatIf in new[] { "", " -WhatIf" })
        {
            var problem = Refused(words + whatIf);
            Assert.StartsWith(code + ",", problem.FullyQualifiedErrorId);
            Assert.Equal(message, problem.Exception.Message);
            Assert.Equal(ErrorCategory.InvalidArgument, problem.CategoryInfo.Category);
        }
        Assert.Equal(before, File.ReadAllText(Settings));
    }

    [Fact]
    public void Quotes_no_text_that_was_given_as_a_secret()
    {
        var problem = Refused($"Pax8 ClientSecret -Secret {Canary}");
        Assert.Contains("A secret is given as a SecureString", problem.Exception.Message);
        Assert.DoesNotContain(Canary, problem.Exception.ToString());
    }

    [Theory]
    [InlineData($"Pax8 ClientSecrt {Canary}", "Pax8.Settings.ClientSecrt is not known. Fix: did you mean ClientSecret?")]
    [InlineData($"IncomingMail Passwords.Support {Canary}", "IncomingMail.Settings.Passwords.Support is not known. Fix: did you mean Passwords?")]
    public void Names_the_nearest_setting_where_there_is_none(string words, string message)
    {
        foreach (var whatIf in new[] { "", " -WhatIf" })
        {
            var problem = Refused(words + whatIf);
            Assert.StartsWith("SettingsInvalid,", problem.FullyQualifiedErrorId);
            Assert.Contains(message, problem.Exception.Message);
            Assert.DoesNotContain(Canary, problem.Exception.Message);
        }
        Assert.Equal(before, File.ReadAllText(Settings));
    }

    [Theory]
    [InlineData("Pax8 BaseUrl nonsense", "Pax8.Settings.BaseUrl is not a web address")]
    [InlineData("IncomingMail MaxMessageMB many", "IncomingMail.Settings.MaxMessageMB is a text. Fix: give a number")]
    [InlineData($"Pax8 ClientSecret @{{ Clear = '{Canary}' }}", "ClientSecret of Pax8 is a secret")]
    public void Refuses_a_value_that_does_not_fit(string words, string message)
    {
        Assert.Contains(message, Refused(words).Exception.Message);
        Assert.Equal(before, File.ReadAllText(Settings));
    }

    [Fact]
    public void WhatIf_saves_nothing_and_says_what_would_be_set()
    {
        Set("Pax8 ClientId 1234 -WhatIf");
        Set("Pax8 ClientSecret -Secret $secret -WhatIf");
        Set("Pax8 ClientSecret $null -WhatIf");
        Set("Pax8 ClientId 1234 -Confirm:$false -WhatIf:$true");
        Assert.Equal(before, File.ReadAllText(Settings));
    }

    [Fact]
    public void Protection_is_Windows_own()
    {
        if (OperatingSystem.IsWindows())
        {
            Set("Pax8 ClientSecret -Secret $secret -Protect");
            Assert.NotNull((string?)Saved("Pax8", "Settings", "ClientSecret", "Protected"));
            return;
        }
        Assert.StartsWith("ProtectionUnavailable,", Refused("Pax8 ClientSecret -Secret $secret -Protect").FullyQualifiedErrorId);
        Assert.Equal(before, File.ReadAllText(Settings));
    }

    [Theory]
    [InlineData("Set-HaloIntegrationSetting Pax8 ClientSecret -Secret $secret", "Pax8 ClientSecret")]
    [InlineData("Set-HaloDbConfig -NoticeWebhook $secret -NoticeWebhookShape slack -Credential ([pscredential]::new('sa', $secret))", "Database.Password, Notice.Webhook.Url")]
    [InlineData("Set-HaloIntegrationSetting Pax8 ClientSecret -Secret $secret -WhatIf", null)]
    [InlineData("Set-HaloIntegrationSetting Pax8 ClientSecret @{ Environment = 'PAX8_SECRET' }", null)]
    [InlineData("Set-HaloDbConfig -HaloUrl https://two.example.com", null)]
    public void Warns_of_a_secret_that_Windows_could_protect(string words, string? secrets)
    {
        module.Run("$secret = [securestring]::new(); 'https://hooks.example.com/h00k'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }");
        using var shell = module.Shell($"{words} -ConfigPath $config");
        shell.Invoke();
        Assert.Empty(shell.Streams.Error);
        var warnings = shell.Streams.Warning.Select(warning => warning.Message);
        if (secrets == null || !OperatingSystem.IsWindows()) Assert.Empty(warnings);
        else Assert.StartsWith($"What was given for {secrets} stands readable in {Settings}. Give it again with -Protect", Assert.Single(warnings));
    }

    [Fact]
    public void Sets_it_in_every_instance_that_comes_down_the_pipeline()
    {
        using var other = new HaloInstance();
        module.Run($"'{Settings}', '{other.Settings}' | ForEach-Object {{ [pscustomobject]@{{ Name = 'a task'; ConfigPath = $_ }} }} | Set-HaloIntegrationSetting Pax8 ClientSecret -Secret $secret");
        Assert.Equal(Canary, (string?)Saved("Pax8", "Settings", "ClientSecret"));
        Assert.Contains(Canary, File.ReadAllText(other.Settings));
    }

    [Fact]
    public void Completes_settings_and_tells_secrets_without_an_engine()
    {
        using var shell = module.Shell("");
        CompletionResult[] Complete(string line) => [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches];
        string[] Texts(string line) => [.. Complete(line).Select(match => match.CompletionText)];
        Assert.Equal(["Pax8"], Texts("Set-HaloIntegrationSetting Pa"));
        Assert.Equal(["ClientId", "ClientSecret"], Texts("Set-HaloIntegrationSetting Pax8 cl"));
        Assert.Equal(["GoogleClientId", "GoogleClientSecret", "GoogleRefreshTokens", "GoogleTokenUrl"], Texts("Set-HaloIntegrationSetting -Integration IncomingMail -Setting Goo"));
        Assert.Equal(["a text", "a secret"], Complete("Set-HaloIntegrationSetting Pax8 cl").Select(match => match.ToolTip));
        Assert.Equal(["a secret for each name"], Complete("Set-HaloIntegrationSetting IncomingMail Pass").Select(match => match.ToolTip));
    }
}
