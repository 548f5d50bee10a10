using System.Management.Automation;
using System.Security;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using HaloDBIntegrator.Secrets;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Sets one of an integration's own settings in this instance, such as a client id, its secret or a mailbox's password.</summary>
/// <remarks>
/// The settings of an integration stand in Integrations.&lt;name&gt;.Settings of appsettings.json; each integration's document lists them, and Tab completes
/// their names. A secret is taken as -Secret alone, which no history or transcript shows, or as a reference to where it is kept. Saved with -Protect it can be read
/// on this machine only.
/// </remarks>
/// <example>
/// <code>Set-HaloIntegrationSetting Pax8 ClientId 1234 -ConfigPath D:\Halo\hourly</code>
/// <para>Sets the client id of Pax8's API application.</para>
/// </example>
/// <example>
/// <code>Set-HaloIntegrationSetting Pax8 ClientSecret -Secret (Read-Host -AsSecureString) -Protect -ConfigPath D:\Halo\hourly</code>
/// <para>Asks for its secret without showing it, and saves it protected by Windows.</para>
/// </example>
/// <example>
/// <code>Set-HaloIntegrationSetting IncomingMail Passwords -For Support -Secret (Read-Host -AsSecureString) -Protect -ConfigPath D:\Halo\5min</code>
/// <para>Sets the password of the mailbox Support.</para>
/// </example>
/// <example>
/// <code>Set-HaloIntegrationSetting EntraId ClientSecret @{ Environment = 'ENTRA_SECRET' } -ConfigPath D:\Halo\daily</code>
/// <para>Names the environment variable that the secret is in; @{ Vault = 'Halo'; Secret = 'entra' } names one in a vault.</para>
/// </example>
/// <example>
/// <code>$secret = Read-Host -AsSecureString
/// Get-HaloSyncTask | Set-HaloIntegrationSetting Pax8 ClientSecret -Secret $secret -Protect</code>
/// <para>Gives a new secret to every instance that has a scheduled task.</para>
/// </example>
/// <seealso>Get-HaloDbConfig</seealso>
/// <seealso>Test-HaloDbConfig</seealso>
/// <seealso>about_Halo_Secrets</seealso>
[Cmdlet(VerbsCommon.Set, "HaloIntegrationSetting", SupportsShouldProcess = true, DefaultParameterSetName = ByValue)]
[OutputType(typeof(HaloDbConfig))]
public sealed class SetHaloIntegrationSettingCommand : HaloInstanceCmdlet
{
    private const string ByValue = "Value";
    private const string BySecret = "Secret";

    /// <summary>The integration.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(IntegrationCompleter))]
    public string Integration { get; set; } = "";

    /// <summary>The setting's name, as in Integrations.&lt;name&gt;.Settings of appsettings.json.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SettingCompleter))]
    public string Setting { get; set; } = "";

    /// <summary>The value: a text, a number, $true or $false, or a list of texts; $null removes the setting. Of a secret only a reference is taken, such as @{ Environment = 'NAME' }.</summary>
    [Parameter(Position = 2, ParameterSetName = ByValue)]
    [AllowNull]
    public PSObject? Value { get; set; }

    /// <summary>The value of a setting that is a secret. It goes to the engine over a pipe, never as an argument.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BySecret)]
    [SecretOnly]
    public SecureString Secret { get; set; } = new();

    /// <summary>Save the secret protected by Windows, for this machine, instead of in the clear.</summary>
    [Parameter]
    public SwitchParameter Protect { get; set; }

    /// <summary>Whose secret it is, where there is one for each of several: the name or id of a mailbox.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MailboxCompleter))]
    public string? For { get; set; }

    /// <summary>Gives the settings as they are then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    private protected override bool ChangesSettings => true;

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var what = For == null ? $"{Integration} {Setting}" : $"{Integration} {Setting} for {For}";
        var parameters = Parameters();
        // A name that is none would fail, and so it does with -WhatIf.
        if (WhatIf())
        {
            parameters["whatIf"] = true;
            Ask("setting-set", parameters, what);
        }
        var removal = parameters["value"] is { Type: JTokenType.Null };
        if (ShouldProcess(FullConfigPath(), $"{(removal ? "Remove" : "Set")} {what}"))
        {
            Ask("setting-set", parameters, what);
            if (ParameterSetName == BySecret && !Protect && ReadableSecret.Warning(what, FullConfigPath()) is { } warning) WriteWarning(warning);
        }
        if (PassThru) WriteObject(Reading.Config(Ask("config-get", target: FullConfigPath())));
    }

    private JObject Parameters()
    {
        var parameters = new JObject { ["integration"] = Integration, ["setting"] = Setting };
        if (For != null) parameters["name"] = For;
        if (ParameterSetName == BySecret) parameters["secret"] = Protected();
        else if (Protect) throw new SettingValueException("-Protect is for a secret, which is given as -Secret (Read-Host -AsSecureString), not as -Value.");
        else if (MyInvocation.BoundParameters.ContainsKey(nameof(Value))) SettingValue.Write(Value, parameters);
        return parameters;
    }

    private JToken Protected()
    {
        if (Secret.Length == 0) throw new SettingValueException("The secret given is empty.");
        if (Protect && !DataProtection.Available) throw new ProtectionUnavailableException();
        var secret = new System.Net.NetworkCredential("", Secret).Password;
        Conceal(secret);
        return Protect ? new JObject { ["Protected"] = DataProtection.Protect(secret) } : secret;
    }
}
