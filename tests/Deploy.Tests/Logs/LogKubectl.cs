using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>Pods that come and write when a test says so.</summary>
internal sealed class LogKubectl(IReadOnlyList<YamlMap> pods) : IKubectl
{
    private readonly Dictionary<string, Queue<string[]>> _logs = [];

    /// <summary>What happens to pods after the first look.</summary>
    public Channel<KubectlEvent> Changes { get; } = Channel.CreateUnbounded<KubectlEvent>();

    public List<KubectlLogs> Asked { get; } = [];

    public KubectlTarget Target => new("test", "test");

    /// <summary>The lines of the next log that is asked of a container; the log then breaks, or has ended.</summary>
    public LogKubectl With(string pod, params string[] lines)
    {
        (_logs.TryGetValue(pod, out var known) ? known : _logs[pod] = new()).Enqueue(lines);
        return this;
    }

    public Task<IReadOnlyList<YamlMap>> GetAsync(KubectlQuery query, CancellationToken cancellationToken) => Task.FromResult(pods);

    public async IAsyncEnumerable<string> LogsAsync(KubectlLogs logs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        string[] lines;
        lock (_logs)
        {
            Asked.Add(logs);
            lines = _logs.GetValueOrDefault(logs.Pod)?.TryDequeue(out var next) == true ? next : [];
        }

        foreach (var line in lines)
        {
            yield return line;
        }
    }

    public IAsyncEnumerable<KubectlEvent> WatchAsync(string kind, string? selector, CancellationToken cancellationToken) => Changes.Reader.ReadAllAsync(cancellationToken);

    public Task<string?> CurrentContextAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<KubectlVersion> VersionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<YamlMap>> ApplyAsync(IReadOnlyList<YamlMap> objects, KubectlApply options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteAsync(IReadOnlyList<ObjectKey> objects, KubectlDelete options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<YamlMap> PatchAsync(ObjectKey one, KubectlPatch patch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<KubectlExecution> ExecAsync(KubectlExec exec, CancellationToken cancellationToken) => throw new NotSupportedException();
}
