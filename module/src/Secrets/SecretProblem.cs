using System;
using System.ComponentModel;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Secrets;

/// <summary>Why a secret could not be opened here, and what to do.</summary>
internal sealed class SecretProblem
{
    private SecretProblem(string problem, string advice)
    {
        Problem = problem.TrimEnd('.', ' ');
        Advice = advice;
    }

    /// <summary>What is wrong, without a full stop.</summary>
    public string Problem { get; }

    /// <summary>What to do.</summary>
    public string Advice { get; }

    /// <summary>In words of what opening the reference threw; SecretManagement's own say what a vault said.</summary>
    public static SecretProblem Of(JObject source, Exception thrown)
    {
        if (source["Protected"] != null) return OfProtected(thrown);
        var vault = (string?)source["Vault"] ?? "";
        var secret = (string?)source["Secret"] ?? "";
        if (thrown is CommandNotFoundException { CommandName: "Get-Secret" } || (thrown as RuntimeException)?.ErrorRecord.FullyQualifiedErrorId.StartsWith("CommandNotFoundException", StringComparison.Ordinal) == true)
        {
            return new SecretProblem(
                $"it is in the vault {vault}, and the module Microsoft.PowerShell.SecretManagement, which opens vaults, is not installed for this account",
                $"Install it (Install-Module Microsoft.PowerShell.SecretManagement -Scope AllUsers), and the module of the vault, and register the vault with Register-SecretVault as this account; or write the setting as {{\"Environment\": \"NAME\"}}.");
        }
        var said = Regex.Replace(thrown.Message, @"\s+", " ");
        if (Regex.IsMatch(said, @"vault.*(not found|not registered|does not exist|no extension vault)|not find.*vault", RegexOptions.IgnoreCase))
            return new SecretProblem($"this account has no vault {vault}: {said}", $"Register the vault as this account (Register-SecretVault -Name {vault} …); Get-SecretVault lists those there are.");
        if (Regex.IsMatch(said, "was not found|not exist|no text", RegexOptions.IgnoreCase))
            return new SecretProblem($"the vault {vault} gives no secret {secret}: {said}", $"Put it there: Set-Secret -Vault {vault} -Name {secret}. Get-SecretInfo -Vault {vault} lists what it has.");
        return new SecretProblem($"the vault {vault} does not give {secret}: {said}", "Unlock the vault (Unlock-SecretVault), or let it open without a question for the account that runs the sync.");
    }

    private static SecretProblem OfProtected(Exception thrown) => thrown switch
    {
        PlatformNotSupportedException => new(
            "it is protected by Windows, and this is not Windows",
            "Use it on the Windows machine that protected it; here, write the setting as {\"Environment\": \"NAME\"} or {\"Vault\": …, \"Secret\": …}."),
        FormatException => new(
            "what stands there is not what -Protect wrote: it was cut, or changed by hand",
            "Give the secret anew with -Protect."),
        Win32Exception { NativeErrorCode: 13 } or Win32Exception { NativeErrorCode: unchecked((int)0x8009000B) } => new(
            "it was protected on another machine, or before this one was set up anew",
            "A secret is opened on the machine that protected it, and nowhere else: give it anew here with -Protect."),
        _ => new(
            $"Windows, which protects it, does not open it: {thrown.Message}",
            "A secret is opened on the machine that protected it, and nowhere else: give it anew here with -Protect."),
    };
}
