using System.Diagnostics;

namespace MonoRepo.Deploy.Cluster;

/// <summary>A kubectl that runs; it does not outlive its caller.</summary>
internal sealed class RunningKubectl : IAsyncDisposable
{
    private readonly Process _process;
    private readonly KubectlTarget _target;
    private readonly Task<string> _error;
    private readonly Task _input;

    public RunningKubectl(Process process, string? input, KubectlTarget target)
    {
        (_process, _target) = (process, target);
        _error = process.StandardError.ReadToEndAsync();
        _input = WriteAsync(input);
    }

    public StreamReader Output => _process.StandardOutput;

    public async Task<(int ExitCode, string Error)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        await _input.ConfigureAwait(false);
        return (_process.ExitCode, await _error.ConfigureAwait(false));
    }

    public async Task ThrowIfFailedAsync(CancellationToken cancellationToken)
    {
        var (exitCode, error) = await EndAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (exitCode != 0)
        {
            throw KubectlFaults.Read(error, _target);
        }
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task WriteAsync(string? input)
    {
        try
        {
            await _process.StandardInput.WriteAsync(input).ConfigureAwait(false);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; its exit code says why.
        }
    }
}
