namespace MonoRepo.Hosting;

internal static class RedisClusterContainerImageTags
{
    /// <remarks>docker.io</remarks>
    public const string Registry = "docker.io";

    /// <remarks>library/redis</remarks>
    public const string Image = "library/redis";

    /// <remarks>8.0.2</remarks>
    public const string Tag = "8.0.2";
}
