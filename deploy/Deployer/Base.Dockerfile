# What the deployer runs on: .NET, git and ssh. It changes when one of them does; the program comes on top of it by the SDK:
#   docker build -f deploy/Deployer/Base.Dockerfile -t REGISTRY/deployer-base:1 deploy/Deployer
#   docker push REGISTRY/deployer-base:1
#   dotnet publish deploy/Deployer -t:PublishContainer -p:ContainerBaseImage=REGISTRY/deployer-base:1 \
#     -p:ContainerRegistry=HOST -p:ContainerRepository=PATH/deployer -p:ContainerUser=1654
ARG DOTNET=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble
FROM ${DOTNET}
RUN apt-get update \
 && apt-get install -y --no-install-recommends git openssh-client \
 && rm -rf /var/lib/apt/lists/*
# The root file system is read-only in the pod; /work is a volume.
ENV HOME=/work
USER 1654
