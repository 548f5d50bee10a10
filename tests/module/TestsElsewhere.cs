using System.Runtime.CompilerServices;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>A fact that Windows cannot show: there it is left out, and its name says what it needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactElsewhereAttribute : FactAttribute
{
    /// <param name="needs">What there is on Linux alone.</param>
    /// <param name="name">The test's name.</param>
    public FactElsewhereAttribute(string needs, [CallerMemberName] string name = "")
    {
        DisplayName = $"{name} (needs Linux: {needs})";
        if (OperatingSystem.IsWindows()) Skip = "This is Windows.";
    }
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryElsewhereAttribute : TheoryAttribute
{
    /// <param name="needs">What there is on Linux alone.</param>
    /// <param name="name">The test's name.</param>
    public TheoryElsewhereAttribute(string needs, [CallerMemberName] string name = "")
    {
        DisplayName = $"{name} (needs Linux: {needs})";
        if (OperatingSystem.IsWindows()) Skip = "This is Windows.";
    }
}
