using System;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using HaloDBIntegrator.Errors;

namespace HaloDBIntegrator.Bridge;

/// <summary>One line that came out of the engine.</summary>
internal readonly struct EngineLine
{
    public EngineLine(string text, bool diagnostic)
    {
        Text = text;
        Diagnostic = diagnostic;
    }

    /// <summary>The line without its end.</summary>
    public string Text { get; }

    /// <summary>True when it came from stderr, so is not part of the protocol.</summary>
    public bool Diagnostic { get; }
}

/// <summary>The engine's process: lines in, lines out, and an end that always comes.</summary>
internal sealed class EngineProcess : IDisposable
{
    // Those of node/src/engine-flags.json.
    private static readonly string[] Flags = RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? new[] { "--no-warnings", "--max-semi-space-size=4", "--max-old-space-size=2000", "--use-system-ca" }
        : new[] { "--no-warnings", "--max-semi-space-size=4", "--max-old-space-size=2000" };

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private readonly Process process;
    private readonly JobObject? job;
    private readonly StreamWriter input;
    private readonly object writing = new();
    private readonly BlockingCollection<EngineLine> lines = new();
    private int openPipes = 2;

    private EngineProcess(Process process)
    {
        this.process = process;
        Id = process.Id;
        job = JobObject.Around(process);
        // The framework's own writer uses the console's encoding and may begin with a byte order mark.
        input = new StreamWriter(process.StandardInput.BaseStream, Utf8) { AutoFlush = true, NewLine = "\n" };
        Drain(process.StandardOutput.BaseStream, diagnostic: false);
        Drain(process.StandardError.BaseStream, diagnostic: true);
    }

    /// <summary>Every line, in the order of its arrival; ends when both pipes are closed.</summary>
    public BlockingCollection<EngineLine> Lines => lines;

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>Its exit code; null while it runs.</summary>
    public int? ExitCode => process.WaitForExit(2000) ? process.ExitCode : null;

    /// <summary>Starts it. The arguments are a flag, a path and a word: nothing secret is ever among them.</summary>
    public static EngineProcess Start(EngineLocation location)
    {
        var started = StartNode(new ProcessStartInfo
        {
            FileName = location.Node,
            Arguments = CommandLine.Join(Flags.Concat(new[] { location.Engine, "serve" })),
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        });
        return new EngineProcess(started ?? throw new InvalidOperationException("The engine's process did not start."));
    }

    /// <summary>Starts a Node; one that the system keeps from running is an error of its own.</summary>
    internal static Process? StartNode(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception problem)
        {
            throw new NodeNotStartedException($"'{start.FileName}' cannot be started: {problem.Message}");
        }
    }

    /// <summary>Sends one line; false when the engine no longer listens (its end says why).</summary>
    public bool Send(string line)
    {
        lock (writing)
        {
            try
            {
                input.WriteLine(line);
                return true;
            }
            catch (Exception problem) when (problem is IOException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Ends the process and those it started, at once.</summary>
    public void Kill()
    {
        job?.Dispose();
        try
        {
            if (process.HasExited) return;
            // Process.Kill(entireProcessTree) is there in PowerShell 7; in 5.1 the job has done it.
            var killTree = typeof(Process).GetMethod("Kill", new[] { typeof(bool) });
            if (killTree != null) killTree.Invoke(process, new object[] { true });
            else process.Kill();
        }
        catch (Exception problem) when (Ended(problem))
        {
            // It ended between the question and the deed, which is what was wanted.
        }
    }

    /// <summary>Closes stdin, at which the engine ends by itself; kills it when it does not.</summary>
    public void Dispose()
    {
        lock (writing)
        {
            try
            {
                input.Dispose();
            }
            catch (IOException)
            {
                // The engine closed its end first.
            }
        }
        if (!process.WaitForExit(5000)) Kill();
        job?.Dispose();
        process.Dispose();
    }

    private static bool Ended(Exception problem) =>
        problem is InvalidOperationException or System.ComponentModel.Win32Exception
        || problem.InnerException is InvalidOperationException or System.ComponentModel.Win32Exception;

    private void Drain(Stream pipe, bool diagnostic)
    {
        var reader = new Thread(() =>
        {
            try
            {
                using var text = new StreamReader(pipe, Utf8);
                while (text.ReadLine() is { } line) lines.Add(new EngineLine(line, diagnostic));
            }
            catch (Exception problem) when (problem is IOException or ObjectDisposedException)
            {
                lines.Add(new EngineLine(problem.Message, diagnostic: true));
            }
            finally
            {
                if (Interlocked.Decrement(ref openPipes) == 0) lines.CompleteAdding();
            }
        })
        {
            IsBackground = true,
            Name = diagnostic ? "HaloDBIntegrator stderr" : "HaloDBIntegrator stdout",
        };
        reader.Start();
    }
}
