using System.Runtime.CompilerServices;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>
/// A test that takes about half a minute or more of the default run: only where <c>MONOREPO_TEST_SLOW</c> is set, as CI does.
/// </summary>
public sealed class SlowFactAttribute : FactAttribute
{
    public SlowFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = "It takes long: set MONOREPO_TEST_SLOW=1 to run it.";
        SkipType = typeof(SlowFactAttribute);
        SkipUnless = nameof(IsOn);
    }

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("MONOREPO_TEST_SLOW") is { Length: > 0 };
}
