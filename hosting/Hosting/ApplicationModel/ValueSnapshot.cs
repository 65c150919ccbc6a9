namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is set later, and may be set again; readers wait for the first one.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public sealed class ValueSnapshot<T>
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<T> _value = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether there is a value.</summary>
    public bool IsValueSet
    {
        get
        {
            lock (_gate)
            {
                return _value.Task.IsCompletedSuccessfully;
            }
        }
    }

    /// <summary>The newest value; waits for the first one.</summary>
    public Task<T> GetValueAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return _value.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sets the value.</summary>
    public void SetValue(T value) => Complete(source => source.TrySetResult(value));

    /// <summary>Makes every reader fail.</summary>
    public void SetException(Exception exception) => Complete(source =>
    {
        var set = source.TrySetException(exception);
        _ = source.Task.Exception; // nobody has to read it
        return set;
    });

    private void Complete(Func<TaskCompletionSource<T>, bool> set)
    {
        lock (_gate)
        {
            if (!set(_value))
            {
                _value = new(TaskCreationOptions.RunContinuationsAsynchronously);
                set(_value);
            }
        }
    }
}
