using System;
using System.Collections;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Lets texts, files, folders, and what has a path be paths: of anything else PowerShell would take the name of its type for one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathTextAttribute : ArgumentTransformationAttribute
{
    /// <summary>The path that a value is, or the paths.</summary>
    /// <param name="engineIntrinsics">PowerShell's own.</param>
    /// <param name="inputData">What is to be bound.</param>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Plain(inputData) is IEnumerable many and not string ? many.Cast<object?>().Select(One).ToArray() : One(inputData);

    private static string? One(object? value) => Plain(value) switch
    {
        null => null,
        string text => text,
        FileSystemInfo file => file.FullName,
        var other => PathOf(PSObject.AsPSObject(value))
            ?? throw new ArgumentTransformationMetadataException($"A {other.GetType().Name} is no path: give a text, a file or a folder."),
    };

    private static string? PathOf(PSObject value) =>
        new[] { "FullName", "Path" }.Select(name => value.Properties[name]?.Value?.ToString()).FirstOrDefault(text => !string.IsNullOrEmpty(text));

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
