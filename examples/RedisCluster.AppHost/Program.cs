var builder = DistributedApplication.CreateBuilder(args);

var redis = builder.AddRedisCluster("redis", shards: 3, replicasPerShard: 1)
    .WithDataVolume()
    .WithRestartPolicy();

builder.Build().Run();
