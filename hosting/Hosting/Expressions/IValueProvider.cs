namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known when it is asked for, such as an address that is still to be allocated.</summary>
public interface IValueProvider
{
    /// <summary>The value, as the host sees it; waits until it is known.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value, as the caller in the context sees it; waits until it is known.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}

/// <summary>A value that a published output refers to by an expression in braces.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, such as {redis.connectionString}.</summary>
    string ValueExpression { get; }
}

/// <summary>A value for running and for publishing.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A value that is made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>Resources and values that this one is made of.</summary>
    IEnumerable<object> References { get; }
}
