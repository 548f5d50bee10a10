using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>A test of what Windows has and Wine, in which these tests run on Debian, has not: there it is left out, and says what it needs.</summary>
public sealed class FactOfWindowsAttribute : FactAttribute
{
    /// <summary>Makes one.</summary>
    /// <param name="needed">What Wine lacks.</param>
    public FactOfWindowsAttribute(string needed)
    {
        if (Environment.GetEnvironmentVariable("HALO_TEST_WINE") != null) Skip = $"needs Windows: {needed}";
    }
}
