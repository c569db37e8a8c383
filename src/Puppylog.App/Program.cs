using Puppylog.App.Cli;

return await CommandLine.RunAsync(args);
