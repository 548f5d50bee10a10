using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HaloDBIntegrator.Tests;

/// <summary>A folder with settings, an embedded database with demo content, and a Pax8 server on loopback.</summary>
public sealed class HaloInstance : IDisposable
{
    private readonly Process process;

    public HaloInstance()
    {
        process = Process.Start(new ProcessStartInfo(Project.Node, ["--no-warnings", Path.Combine(Project.Folder, "tests/module/instance.ts")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var made = JsonNode.Parse(Line())!;
        Settings = (string)made["settings"]!;
        ClientSecret = (string)made["clientSecret"]!;
    }

    /// <summary>Path of its appsettings.json.</summary>
    public string Settings { get; }

    /// <summary>What must be seen nowhere.</summary>
    public string ClientSecret { get; }

    /// <summary>Lets the next so many answers of Pax8 take their time.</summary>
    public void Slow(int requests)
    {
        process.StandardInput.WriteLine($$"""{"slow":{{requests}}}""");
        Line();
    }

    /// <summary>Keeps Pax8 from answering until it is let go on, so that a run stays in progress for as long as the test takes.</summary>
    public void Hold(bool held)
    {
        process.StandardInput.WriteLine(held ? """{"hold":true}""" : """{"hold":false}""");
        Line();
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private string Line() => process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The instance's process ended.");
}
