namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is given from outside: configuration, user secrets, a deployment.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;
    private Task<string>? _later;

    /// <summary>A parameter.</summary>
    /// <param name="name">Name.</param>
    /// <param name="callback">Finds the value; gets the default.</param>
    /// <param name="secret">Whether the value is kept out of every output.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _value = new Lazy<string>(() => callback(Default), LazyThreadSafetyMode.PublicationOnly);
        Secret = secret;
    }

    /// <summary>Whether the value is kept out of every output.</summary>
    public bool Secret { get; }

    /// <summary>Whether the value is a connection string; its key is then ConnectionStrings:name.</summary>
    public bool IsConnectionString { get; set; }

    /// <summary>The value when nothing is configured.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>What the parameter is for.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the description is Markdown.</summary>
    public bool EnableDescriptionMarkdown { get; set; }

    /// <summary>The expression {name.value}.</summary>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The configuration key that gives the value.</summary>
    internal string ConfigurationKey
    {
        get => field ?? (IsConnectionString ? $"ConnectionStrings:{Name}" : $"Parameters:{Name}");
        init;
    }

    /// <summary>The value.</summary>
    /// <exception cref="MissingParameterValueException">Nothing is configured and there is no default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => _later is { } later
        ? new(later.WaitAsync(cancellationToken)!)
        : new(_value.Value);

    /// <summary>The value; the same for every caller.</summary>
    public ValueTask<string?> GetValueAsync(ValueProviderContext _, CancellationToken cancellationToken) =>
        GetValueAsync(cancellationToken);

    /// <summary>From here on the value is the task's: somebody is asked for it.</summary>
    internal void SetLater(Task<string> value) => _later = value;
}
