namespace MonoRepo.Hosting.Redis.Cluster;

/// <summary>A member answered a command with an error, such as <c>ERR Unknown node</c>.</summary>
internal sealed class RespException(string message) : Exception(message);
