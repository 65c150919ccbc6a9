using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using static Grpc.Reflection.V1.ServerReflectionRequest;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>Server reflection v1: what is served here, described by its own descriptors.</summary>
internal sealed class ReflectionService(GrpcServices services, DescriptorIndex index) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requests, IServerStreamWriter<ServerReflectionResponse> responses, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
        {
            var response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responses.WriteAsync(response, context.CancellationToken);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        MessageRequestOneofCase.ListServices => List(),
        MessageRequestOneofCase.FileByFilename => Files(index.ByName(request.FileByFilename), request.FileByFilename),
        MessageRequestOneofCase.FileContainingSymbol => Files(index.BySymbol(request.FileContainingSymbol), request.FileContainingSymbol),
        MessageRequestOneofCase.FileContainingExtension => Files(
            index.ByExtension(request.FileContainingExtension.ContainingType, request.FileContainingExtension.ExtensionNumber),
            $"extension {request.FileContainingExtension.ExtensionNumber} of {request.FileContainingExtension.ContainingType}"),
        MessageRequestOneofCase.AllExtensionNumbersOfType => Extensions(request.AllExtensionNumbersOfType),
        _ => Error(StatusCode.InvalidArgument, "The request asks for nothing."),
    };

    private ServerReflectionResponse List()
    {
        var list = new ListServiceResponse();
        list.Service.AddRange(services.Descriptors
            .Select(descriptor => descriptor.FullName).Order(StringComparer.Ordinal).Select(name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = list };
    }

    private static ServerReflectionResponse Files(FileDescriptor? file, string asked)
    {
        if (file is null)
        {
            return Error(StatusCode.NotFound, $"{asked} is not known here.");
        }

        var answer = new FileDescriptorResponse();
        var seen = new HashSet<string>();
        Add(file);
        return new ServerReflectionResponse { FileDescriptorResponse = answer };

        void Add(FileDescriptor next)
        {
            if (seen.Add(next.Name))
            {
                answer.FileDescriptorProto.Add(next.SerializedData);
                foreach (var dependency in next.Dependencies)
                {
                    Add(dependency);
                }
            }
        }
    }

    private ServerReflectionResponse Extensions(string type)
    {
        if (index.ExtensionsOf(type) is not { } numbers)
        {
            return Error(StatusCode.NotFound, $"{type} is not known here.");
        }

        var answer = new ExtensionNumberResponse { BaseTypeName = type };
        answer.ExtensionNumber.AddRange(numbers);
        return new ServerReflectionResponse { AllExtensionNumbersResponse = answer };
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
