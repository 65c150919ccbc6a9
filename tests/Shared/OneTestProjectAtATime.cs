using Xunit.Sdk;
using Xunit.v3;

namespace MonoRepo.Tests;

/// <summary>
/// `dotnet test` starts several test projects at once, as many as there are processors. Ours start real orchestrators, clusters and
/// browsers, which on two cores would only slow each other past their deadlines, so each project waits for its turn in this checkout.
/// </summary>
public sealed class OneTestProjectAtATime : ITestPipelineStartup
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private FileStream? turn;

    /// <inheritdoc/>
    public async ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        var path = Path.Combine(Directory.CreateDirectory(Repository.PathOf("artifacts")).FullName, "tests.lock");
        while (turn is null)
        {
            try
            {
                // The kernel holds this lock, so it also ends with a test process that is killed.
                turn = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(PollInterval);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync()
    {
        if (turn is not null)
        {
            await turn.DisposeAsync();
        }
    }
}
