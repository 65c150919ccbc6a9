using System.Runtime.CompilerServices;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Answers that go on: watches and logs.</summary>
internal static class ApiStream
{
    /// <summary>The lines of an answer, as they come.</summary>
    /// <exception cref="ClusterException">The server refuses, or the connection broke.</exception>
    public static async IAsyncEnumerable<string> LinesAsync(
        ApiConnection connection, ApiRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The answer outlives the call that opened it.
        var opened = new TaskCompletionSource<StreamReader>(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = connection.SendAsync(
            request,
            async (response, c) =>
            {
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(c));
                opened.SetResult(reader);
                await done.Task;
                return true;
            },
            cancellationToken);
        try
        {
            if (await Task.WhenAny(opened.Task, sending) == sending)
            {
                await sending;
            }

            var reader = await opened.Task;
            while (await LineAsync(reader, connection, request, cancellationToken) is { } line)
            {
                yield return line;
            }
        }
        finally
        {
            done.SetResult();
            await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<string?> LineAsync(
        StreamReader reader, ApiConnection connection, ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new ClusterException([ApiErrors.Unreachable(exception, request.Target, connection.Server)]);
        }
    }
}
