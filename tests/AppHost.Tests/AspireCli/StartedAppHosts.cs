namespace MonoRepo.Tests;

/// <summary>The AppHost and a second one, both started by the aspire command.</summary>
public sealed class StartedAppHosts : IAsyncLifetime
{
    /// <summary>The project of this repository's AppHost.</summary>
    public const string Main = "AppHost/AppHost.csproj";

    /// <summary>The project of the second one.</summary>
    public const string Small = "tests/SmallAppHost/SmallAppHost.csproj";

    private string? _missing;

    /// <summary>The command.</summary>
    public AspireCommand Aspire { get; } = new();

    /// <summary>What starting the AppHost printed.</summary>
    public System.Text.Json.Nodes.JsonNode Started { get; private set; } = null!;

    /// <summary>Skips the test where the tool can't be restored.</summary>
    public void SkipUnlessRestored() => Assert.SkipWhen(_missing is not null, _missing ?? "");

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        _missing = await AspireCommand.RestoreAsync();
        if (_missing is null)
        {
            Started = await Aspire.GetJsonAsync("start", "--apphost", Main, "--no-build", "--isolated");
            (await Aspire.RunAsync("start", "--apphost", Small, "--no-build", "--isolated")).Succeeded();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_missing is null)
        {
            await Aspire.RunAsync("stop", "--all");
        }

        await Aspire.DisposeAsync();
    }
}
