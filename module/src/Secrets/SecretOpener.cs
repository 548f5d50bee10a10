using System;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Security;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Secrets;

/// <summary>Opens the secrets that the engine cannot: those protected by Windows, and those in a vault of SecretManagement.</summary>
internal static class SecretOpener
{
    private const string FromVault = "param($vault, $name) Get-Secret -Vault $vault -Name $name -ErrorAction Stop";

    /// <summary>The secret of a reference (<c>{"Protected"}</c> or <c>{"Vault","Secret"}</c>). Throws what says why it cannot.</summary>
    public static string Open(JObject source, CommandInvocationIntrinsics commands)
    {
        if ((string?)source["Protected"] is { } text)
        {
            if (!DataProtection.Available) throw new PlatformNotSupportedException("It is protected by Windows, and this is not Windows.");
            return DataProtection.Unprotect(text);
        }
        var found = commands.InvokeScript(FromVault, (string?)source["Vault"], (string?)source["Secret"]);
        return TextOf(found.FirstOrDefault()?.BaseObject)
            ?? throw new InvalidOperationException($"The vault {(string?)source["Vault"]} gave no text for {(string?)source["Secret"]}.");
    }

    private static string? TextOf(object? secret) => secret switch
    {
        string text => text,
        SecureString secure => new NetworkCredential("", secure).Password,
        PSCredential credential => credential.GetNetworkCredential().Password,
        _ => null,
    };
}
