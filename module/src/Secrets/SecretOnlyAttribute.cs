using System.Management.Automation;
using System.Security;

namespace HaloDBIntegrator.Secrets;

/// <summary>Refuses anything but a SecureString; PowerShell's own refusal would quote it, and it may well be the secret.</summary>
internal sealed class SecretOnlyAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is null or SecureString
            ? inputData
            : throw new ArgumentTransformationMetadataException("A secret is given as a SecureString, such as (Read-Host -AsSecureString).");
}
