using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using HaloDBIntegrator.Errors;

namespace HaloDBIntegrator.Bridge;

/// <summary>Where Node and the engine are.</summary>
internal sealed class EngineLocation
{
    private const int NeededNode = 24;
    private const string NodeVariable = "HALO_DB_INTEGRATOR_NODE";

    private EngineLocation(string node, string engine)
    {
        Node = node;
        Engine = engine;
    }

    /// <summary>Full path of the Node program.</summary>
    public string Node { get; }

    /// <summary>Full path of the engine's entry file.</summary>
    public string Engine { get; }

    /// <summary>The project's folder: the module's DLL is in its module/bin.</summary>
    public static string Root { get; } = Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(typeof(EngineLocation).Assembly.Location) ?? ".", "..", ".."));

    /// <summary>Finds both, or says what is missing.</summary>
    public static EngineLocation Find() => new(FindNode(), FindEngine());

    private static bool OnWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static string FindEngine()
    {
        var bundle = Path.Combine(Root, "node", "dist", "main.mjs");
        if (File.Exists(bundle)) return bundle;
        var source = Path.Combine(Root, "node", "src", "main.ts");
        if (File.Exists(source)) return source;
        throw new EngineNotFoundException($"The engine is neither at '{bundle}' nor at '{source}'.");
    }

    private static string FindNode()
    {
        var named = Environment.GetEnvironmentVariable(NodeVariable);
        if (!string.IsNullOrEmpty(named))
        {
            if (!File.Exists(named)) throw new NodeNotFoundException($"{NodeVariable} names '{named}', which does not exist.");
            return WithNeededVersion(named);
        }
        // Those that come with the product are of the right version; one from PATH has to prove it.
        var own = OwnNodes().FirstOrDefault(File.Exists);
        if (own != null) return own;
        var found = NodesOnPath().FirstOrDefault(File.Exists);
        if (found != null) return WithNeededVersion(found);
        throw new NodeNotFoundException($"No Node {NeededNode} was found: not in the module, not in node_modules and not on PATH.");
    }

    private static IEnumerable<string> OwnNodes()
    {
        var program = OnWindows ? "node.exe" : "node";
        var system = OnWindows ? "win" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "darwin" : "linux";
        var processor = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        yield return Path.Combine(Root, "module", "engine", program);
        yield return Path.Combine(Root, "node_modules", $"node-{system}-{processor}", "bin", program);
    }

    private static IEnumerable<string> NodesOnPath()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders
            .Select(folder => folder.Trim().Trim('"'))
            .Where(folder => folder.Length > 0 && folder.IndexOfAny(Path.GetInvalidPathChars()) < 0)
            .Select(folder => Path.Combine(folder, OnWindows ? "node.exe" : "node"));
    }

    private static string WithNeededVersion(string node)
    {
        var version = VersionOf(node);
        if (version == null || version.Major < NeededNode)
        {
            throw new NodeTooOldException($"'{node}' is Node {version?.ToString() ?? "of an unknown version"}; the engine needs {NeededNode} or later.");
        }
        return node;
    }

    private static Version? VersionOf(string node)
    {
        using var process = EngineProcess.StartNode(new ProcessStartInfo(node, "--version")
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = true,
        });
        if (process == null) return null;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Version.TryParse(text.Trim().TrimStart('v'), out var version) ? version : null;
    }
}
