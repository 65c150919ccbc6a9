namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>A member answered a command with an error, such as <c>ERR Unknown node</c>.</summary>
internal sealed class RespException(string message) : Exception(message);
