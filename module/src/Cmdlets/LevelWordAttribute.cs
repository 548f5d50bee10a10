using System;
using System.Management.Automation;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Lets a level of the log be called as PowerShell calls its streams.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LevelWordAttribute : ArgumentTransformationAttribute
{
    /// <summary>The level that a word means; another word is as it was.</summary>
    /// <param name="engineIntrinsics">PowerShell's own.</param>
    /// <param name="inputData">What is to be bound.</param>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => $"{inputData}".ToLowerInvariant() switch
    {
        "warning" => "warn",
        "information" => "info",
        "verbose" => "debug",
        _ => inputData,
    };
}
