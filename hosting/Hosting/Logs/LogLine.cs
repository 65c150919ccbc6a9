namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log.</summary>
/// <param name="LineNumber">Number, from 1.</param>
/// <param name="Content">Text, after a timestamp and a space.</param>
/// <param name="IsErrorMessage">Whether it is an error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Whether somebody watches a log.</summary>
/// <param name="Name">Name of the instance.</param>
/// <param name="AnySubscribers">Whether somebody does.</param>
public readonly record struct LogSubscriber(string Name, bool AnySubscribers);
