using MonoRepo.Sample.Client;

return await GreetCommand.RunAsync(args);
