using System.Linq;
using System.Management.Automation;
using System.Security;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using HaloDBIntegrator.Secrets;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

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
/// <code>Set-HaloDbConfig -Server 'sql01\HALO' -Database Halo -Authentication windows -ConfigPath D:\Halo\hourly</code>
/// <para>Has the account that runs the sync sign in, without a password in the settings.</para>
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
    private static readonly string[] Secrets = { "Database.Password", "Notice.Email.Password", "Notice.Webhook.Url" };

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

    /// <summary>How to sign in: sql (a SQL login), ntlm (a Windows account, as DOMAIN\user), windows (the account that runs the sync; needs the package msnodesqlv8), entra-password (a user of Entra ID; needs -ClientId) or entra-token (an access token, as the password).</summary>
    [Parameter]
    [ValidateSet("sql", "ntlm", "entra-password", "entra-token", "windows")]
    public string? Authentication { get; set; }

    /// <summary>Of entra-password: the id of the app registration that may sign users in.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClientId { get; set; }

    /// <summary>Of entra-password: the id of the user's tenant, where it is not common.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TenantId { get; set; }

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
        var names = string.Join(", ", changes.Properties().Select(change => change.Name));
        if (names.Length > 0 && ShouldProcess(FullConfigPath(), $"Set {names}"))
        {
            Conceal(Credential?.GetNetworkCredential().Password);
            Conceal(NoticeCredential?.GetNetworkCredential().Password);
            Conceal(InTheClear(NoticeWebhook));
            Ask("config-set", new JObject { ["changes"] = changes }, FullConfigPath());
            var readable = string.Join(", ", changes.Properties().Where(change => Secrets.Contains(change.Name) && change.Value.Type == JTokenType.String).Select(change => change.Name));
            if (readable.Length > 0 && ReadableSecret.Warning(readable, FullConfigPath()) is { } warning) WriteWarning(warning);
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
        // A ValidateSet takes any case, and the settings one.
        if (Authentication != null) changes["Database.Authentication"] = Authentication.ToLowerInvariant();
        if (ClientId != null) changes["Database.ClientId"] = ClientId;
        if (TenantId != null) changes["Database.TenantId"] = TenantId;
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
        if (NoticeSecurity != null) changes["Notice.Email.Security"] = NoticeSecurity.ToLowerInvariant();
        if (NoticeCredential != null && NoticeCredential != PSCredential.Empty)
        {
            changes["Notice.Email.Username"] = NoticeCredential.UserName;
            changes["Notice.Email.Password"] = Password(NoticeCredential.GetNetworkCredential().Password);
        }
        if (NoticeFrom != null) changes["Notice.Email.From"] = NoticeFrom;
        if (NoticeTo != null) changes["Notice.Email.To"] = new JArray(NoticeTo);
        if (InTheClear(NoticeWebhook) is { } address) changes["Notice.Webhook.Url"] = Password(address);
        if (NoticeWebhookShape != null) changes["Notice.Webhook.Shape"] = NoticeWebhookShape.ToLowerInvariant();
    }

    private static string? InTheClear(SecureString? secret) => secret == null ? null : new System.Net.NetworkCredential("", secret).Password;
}
