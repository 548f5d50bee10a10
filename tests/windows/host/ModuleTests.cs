using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace HaloDBIntegrator.WindowsHost;

/// <summary>Runs the module's tests, which are compiled into this program, and writes a line for each.</summary>
internal static class ModuleTests
{
    /// <param name="arguments">The file to write to (nothing of Linux reads what a program in Wine writes to a pipe), and which tests, by a part of their names.</param>
    public static int Run(string[] arguments)
    {
        var only = arguments.ElementAtOrDefault(1);
        using var report = new Report(arguments[0]);
        using var framework = new XunitTestFramework(report);
        var assembly = Assembly.GetExecutingAssembly();
        using var discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        discoverer.Find(includeSourceInformation: false, report, new Options());
        report.Discovered.WaitOne();
        var tests = report.Tests.Where(test => only == null || test.DisplayName.Contains(only, StringComparison.Ordinal)).ToList();
        using var executor = framework.GetExecutor(assembly.GetName());
        var options = new Options();
        options.SetValue("xunit.execution.MaxParallelThreads", (int?)2);
        executor.RunTests(tests, report, options);
        report.Ended.WaitOne();
        return report.Failed == 0 ? 0 : 1;
    }

    private sealed class Report(string path) : IMessageSink, IDisposable
    {
        private readonly StreamWriter file = new(path) { AutoFlush = true };

        public ManualResetEvent Discovered { get; } = new(false);

        public ManualResetEvent Ended { get; } = new(false);

        public List<ITestCase> Tests { get; } = [];

        public int Failed { get; private set; }

        public bool OnMessage(IMessageSinkMessage message)
        {
            lock (file)
            {
                switch (message)
                {
                    case ITestCaseDiscoveryMessage found:
                        Tests.Add(found.TestCase);
                        break;
                    case IDiscoveryCompleteMessage:
                        Discovered.Set();
                        break;
                    case ITestPassed passed:
                        file.WriteLine($"passed\t{passed.Test.DisplayName}\t{passed.ExecutionTime:0.0}");
                        break;
                    case ITestSkipped skipped:
                        file.WriteLine($"left out\t{skipped.Test.DisplayName}: {skipped.Reason}");
                        break;
                    case ITestFailed failed:
                        Fail(failed.Test.DisplayName, failed);
                        break;
                    case IErrorMessage error:
                        Fail("outside of a test", error);
                        break;
                    case ITestClassCleanupFailure cleanup:
                        Fail(cleanup.TestClass.Class.Name, cleanup);
                        break;
                    case ITestAssemblyFinished finished:
                        file.WriteLine($"ended\t{finished.TestsRun}\t{finished.TestsFailed}\t{finished.TestsSkipped}");
                        Ended.Set();
                        break;
                }
            }
            return true;
        }

        public void Dispose() => file.Dispose();

        private void Fail(string what, IFailureInformation failure)
        {
            Failed++;
            var said = string.Join("\n", failure.ExceptionTypes.Zip(failure.Messages, (type, words) => $"{type}: {words}"));
            file.WriteLine($"failed\t{what}\n{said}\n{string.Join("\n", failure.StackTraces)}");
        }
    }

    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> values = [];

        public TValue GetValue<TValue>(string name) => values.TryGetValue(name, out var value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => values[name] = value;
    }
}
