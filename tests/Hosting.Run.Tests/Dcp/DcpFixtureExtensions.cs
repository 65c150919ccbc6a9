using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Tests.Dcp;

internal static class DcpFixtureExtensions
{
    /// <summary>Watches until the object of that name is as wanted.</summary>
    public static async Task<T> UntilAsync<T>(this DcpFixture dcp, string name, Predicate<T> wanted)
        where T : IDcpObject
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var change in dcp.Client.WatchAsync<T>(deadline.Token))
        {
            if (change.Object.Metadata.Name == name && wanted(change.Object))
            {
                return change.Object;
            }
        }

        throw new InvalidOperationException("DCP closed the watch.");
    }
}
