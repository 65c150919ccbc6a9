using MonoRepo.RouteGuide.Client;

return await ClientCommand.Create().RunAsync(args);
