using System.Management.Automation;
using System.Security;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using HaloDBIntegrator.Secrets;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Reads all settings of an instance, defaults filled in, without any secret.</summary>
/// <remarks>
/// The settings are those of appsettings.json with the defaults filled in: the usual ones by name, whole sections as Sync, Logging, Halo and
/// Nhserver, and all of the file as Settings. In place of a secret stands *** or its reference. Nothing is connected to: Test-HaloDbConfig does that.
/// </remarks>
/// <example>
/// <code>Get-HaloDbConfig -ConfigPath D:\Halo\hourly</code>
/// <para>Shows the settings of the instance in that folder.</para>
/// </example>
/// <example>
/// <code>(Get-HaloDbConfig -ConfigPath D:\Halo\hourly).Settings.Integrations.Pax8.Settings</code>
/// <para>Shows the settings of one integration; Settings has all of the file, by the names in it.</para>
/// </example>
/// <seealso>Set-HaloDbConfig</seealso>
/// <seealso>Test-HaloDbConfig</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsCommon.Get, "HaloDbConfig")]
[OutputType(typeof(HaloDbConfig))]
public sealed class GetHaloDbConfigCommand : HaloInstanceCmdlet
{
    /// <inheritdoc />
    private protected override void ProcessInstance() => WriteObject(Reading.Config(Ask("config-get", target: FullConfigPath())));
}

/// <summary>Checks an instance's settings, its database and its integrations; one object per check.</summary>
/// <remarks>
/// Checks come in the order in which things are needed: the file, the database and its rights, Halo's tables, both switches of each integration,
/// its credentials, and whether its vendor answers. A check that fails is an object with Passed false and a Fix, not an error. Nothing is written.
/// </remarks>
/// <example>
/// <code>Test-HaloDbConfig -ConfigPath D:\Halo\hourly | Where-Object { -not $_.Passed }</code>
/// <para>Shows what is wrong, each with its fix.</para>
/// </example>
/// <example>
/// <code>Test-HaloDbConfig -SendNotice -ConfigPath D:\Halo\hourly | Where-Object Name -like 'Notice*'</code>
/// <para>Sends a try to whom the settings want told when scheduled runs fail.</para>
/// </example>
/// <seealso>Get-HaloDbConfig</seealso>
/// <seealso>Set-HaloDbConfig</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsDiagnostic.Test, "HaloDbConfig")]
[OutputType(typeof(HaloConfigCheck))]
public sealed class TestHaloDbConfigCommand : HaloInstanceCmdlet
{
    /// <summary>Send a try of a notice, too, to whom the settings name (Notice).</summary>
    [Parameter]
    public SwitchParameter SendNotice { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = new JObject { ["sendNotice"] = SendNotice.ToBool() };
        foreach (var check in Reading.Objects(Ask("test", parameters, FullConfigPath()), "checks")) WriteObject(Reading.Check(check, FullConfigPath()));
    }
}

/// <summary>Changes an instance's settings; what is not named stays as it is.</summary>
/// <remarks>
/// The file is checked as a whole before it is saved, and replaced in one step: what is faulty leaves it as it was. Keys that this cmdlet has no
/// parameter for are edited in appsettings.json; settings of an integration are set with Set-HaloIntegrationSetting.
/// </remarks>
/// <example>
/// <code>Set-HaloDbConfig -Server 'sql01\HALO' -Database Halo -Credential (Get-Credential) -Protect -ConfigPath D:\Halo\hourly</code>
/// <para>Sets the database and its login; the password is saved protected by Windows.</para>
/// </example>
/// <example>
/// <code>Set-HaloDbConfig -NhserverUpgradeDate 2026-11-24 -ConfigPath D:\Halo\daily</code>
/// <para>Records the day of the upgrade to the integrator.</para>
/// </example>
/// <example>
/// <code>Set-HaloDbConfig -NoticeServer smtp.example.com -NoticeFrom halo@example.com -NoticeTo it@example.com -NoticeCredential (Get-Credential) -Protect</code>
/// <para>Has e-mail sent when scheduled runs begin to fail and when they are well again.</para>
/// </example>
/// <example>
/// <code>Set-HaloDbConfig -NoticeWebhook (Read-Host -AsSecureString) -NoticeWebhookShape teams -Protect</code>
/// <para>Has the same posted to a channel of Teams; the webhook's address is a secret and is asked for without showing it.</para>
/// </example>
/// <seealso>Get-HaloDbConfig</seealso>
/// <seealso>Test-HaloDbConfig</seealso>
/// <seealso>Set-HaloIntegrationSetting</seealso>
/// <seealso>about_Halo_Configuration</seealso>
/// <seealso>about_Halo_Secrets</seealso>
[Cmdlet(VerbsCommon.Set, "HaloDbConfig", SupportsShouldProcess = true)]
[OutputType(typeof(HaloDbConfig))]
public sealed class SetHaloDbConfigCommand : HaloInstanceCmdlet
{
    /// <summary>Where Halo's web application is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HaloUrl { get; set; }

    /// <summary>The SQL Server, such as sql01\HALO.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    /// <summary>The database's name on that server.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Database { get; set; }

    /// <summary>The SQL login. The password goes to the engine over a pipe, never as an argument.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Save the secrets given (passwords, the webhook's address) protected by Windows, for this machine, instead of in the clear.</summary>
    [Parameter]
    public SwitchParameter Protect { get; set; }

    /// <summary>Encrypt the connection; -Encrypt:$false switches it off.</summary>
    [Parameter]
    public SwitchParameter Encrypt { get; set; }

    /// <summary>Accept a certificate nobody vouches for; -TrustServerCertificate:$false switches it off.</summary>
    [Parameter]
    public SwitchParameter TrustServerCertificate { get; set; }

    /// <summary>The day Halo was upgraded to the integrator: until 30 days later NHserver must stay scheduled.</summary>
    [Parameter]
    public System.DateTime? NhserverUpgradeDate { get; set; }

    /// <summary>The mail server that takes notices of scheduled runs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NoticeServer { get; set; }

    /// <summary>Its port, where it is not the usual one of its security.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int NoticePort { get; set; }

    /// <summary>How it is talked to: starttls, tls or none (without a sign-in only).</summary>
    [Parameter]
    [ValidateSet("starttls", "tls", "none")]
    public string? NoticeSecurity { get; set; }

    /// <summary>Who signs in to the mail server. The password goes to the engine over a pipe, never as an argument.</summary>
    [Parameter]
    [Credential]
    public PSCredential? NoticeCredential { get; set; }

    /// <summary>The address that notices come from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NoticeFrom { get; set; }

    /// <summary>The addresses that notices go to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? NoticeTo { get; set; }

    /// <summary>The address of a webhook of Teams or Slack: a secret, since who has it can write there.</summary>
    [Parameter]
    [SecretOnly]
    public SecureString? NoticeWebhook { get; set; }

    /// <summary>Whose webhook it is: teams or slack.</summary>
    [Parameter]
    [ValidateSet("teams", "slack")]
    public string? NoticeWebhookShape { get; set; }

    /// <summary>Gives the settings as they are then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    private protected override bool ChangesSettings => true;

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var changes = Changes();
        var names = string.Join(", ", System.Linq.Enumerable.Select(changes.Properties(), change => change.Name));
        if (names.Length > 0 && ShouldProcess(FullConfigPath(), $"Set {names}"))
        {
            Conceal(Credential?.GetNetworkCredential().Password);
            Conceal(NoticeCredential?.GetNetworkCredential().Password);
            Conceal(InTheClear(NoticeWebhook));
            Ask("config-set", new JObject { ["changes"] = changes }, FullConfigPath());
        }
        if (PassThru) WriteObject(Reading.Config(Ask("config-get", target: FullConfigPath())));
    }

    private JToken Password(string password)
    {
        if (!Protect) return password;
        if (!DataProtection.Available) throw new ProtectionUnavailableException();
        return new JObject { ["Protected"] = DataProtection.Protect(password) };
    }

    private JObject Changes()
    {
        var changes = new JObject();
        if (HaloUrl != null) changes["HaloUrl"] = HaloUrl;
        if (Server != null) changes["Database.Server"] = Server;
        if (Database != null) changes["Database.Name"] = Database;
        if (Credential != null && Credential != PSCredential.Empty)
        {
            changes["Database.Username"] = Credential.UserName;
            changes["Database.Password"] = Password(Credential.GetNetworkCredential().Password);
        }
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Encrypt))) changes["Database.Encrypt"] = Encrypt.ToBool();
        if (MyInvocation.BoundParameters.ContainsKey(nameof(TrustServerCertificate)))
        {
            changes["Database.TrustServerCertificate"] = TrustServerCertificate.ToBool();
        }
        if (NhserverUpgradeDate != null) changes["Nhserver.UpgradeDate"] = NhserverUpgradeDate.Value.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        NoticeChanges(changes);
        return changes;
    }

    private void NoticeChanges(JObject changes)
    {
        if (NoticeServer != null) changes["Notice.Email.Server"] = NoticeServer;
        if (NoticePort != 0) changes["Notice.Email.Port"] = NoticePort;
        if (NoticeSecurity != null) changes["Notice.Email.Security"] = NoticeSecurity;
        if (NoticeCredential != null && NoticeCredential != PSCredential.Empty)
        {
            changes["Notice.Email.Username"] = NoticeCredential.UserName;
            changes["Notice.Email.Password"] = Password(NoticeCredential.GetNetworkCredential().Password);
        }
        if (NoticeFrom != null) changes["Notice.Email.From"] = NoticeFrom;
        if (NoticeTo != null) changes["Notice.Email.To"] = new JArray(NoticeTo);
        if (InTheClear(NoticeWebhook) is { } address) changes["Notice.Webhook.Url"] = Password(address);
        if (NoticeWebhookShape != null) changes["Notice.Webhook.Shape"] = NoticeWebhookShape;
    }

    private static string? InTheClear(SecureString? secret) => secret == null ? null : new System.Net.NetworkCredential("", secret).Password;
}
