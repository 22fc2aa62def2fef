using System.CommandLine;
using Bootstrapper.Host;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary>What every command has that speaks to a running bootstrapper.</summary>
internal static class ApiOptions
{
    public static readonly Option<string?> Server =
        CommonOptions.WithoutDefault("--server", "URL", "Its https:// address.");

    public static readonly Option<string?> Token = CommonOptions.WithoutDefault(
        "--token",
        "TOKEN",
        "Who you are. Others on this machine see it on your command line.");

    public static readonly Option<string?> Roots =
        CommonOptions.WithoutDefault("--ca", "FILE", "The cluster's root, ca.crt.");

    public static readonly Option<string?> Config = CommonOptions.WithoutDefault(
        "--config", "FILE", "Has server:, token: and ca:; default: ~/.config/bootstrapper/config.yml.");

    public static readonly Option<string> DataRoot = CommonOptions.WithDefault(
        "--bsroot", "DIR", "On its own host, in their place: the data root.", fallback: "/bsroot");

    /// <summary>A command that speaks to a running bootstrapper.</summary>
    /// <param name="run">Returns the exit code; an <see cref="ApiException"/> becomes a message and one of its own.</param>
    public static Command Command(
        string name, string description, Func<ParseResult, ApiClient, CancellationToken, Task> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            Add(command, symbol);
        }

        AddTo(command);
        command.Options.Add(DataRoot);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, run, cancellation));
        return command;
    }

    /// <summary>How the bootstrapper is found, and who asks.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Server, Token, Roots, Config })
        {
            command.Options.Add(option);
        }
    }

    public static Argument<string> Node()
    {
        var node = new Argument<string>("NODE")
        {
            HelpName = "NODE",
            Description = "A machine's host name, MAC address, serial number or UUID.",
        };
        node.CompletionSources.Add(context => NodeNames(context.ParseResult));
        return node;
    }

    /// <summary>For completion: a shell that waits for long, or is told of an error, helps nobody.</summary>
    public static IEnumerable<string> NodeNames(ParseResult parsed)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var client = new ApiClient(ApiTarget.Find(parsed));
            return [.. client.NodesAsync(new NodeQuery(), patience.Token).GetAwaiter().GetResult().Select(node => node.HostName)];
        }
        catch (Exception e) when (e is ApiException or IOException or OperationCanceledException)
        {
            return [];
        }
    }

    private static void Add(Command command, Symbol symbol)
    {
        if (symbol is Option option)
        {
            command.Options.Add(option);
        }
        else
        {
            command.Arguments.Add((Argument)symbol);
        }
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Func<ParseResult, ApiClient, CancellationToken, Task> run, CancellationToken cancellation)
    {
        using var reading = parsed.InvocationConfiguration.Output == Console.Out
            ? StandardOutput.WhileRead(cancellation)
            : CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            using var client = new ApiClient(ApiTarget.Find(parsed));
            await run(parsed, client, reading.Token);
            return ExitCode.Success;
        }
        catch (ApiException e) when (e.ExitCode == ExitCode.Usage)
        {
            UsageError.Write(parsed, e.Message, parsed.InvocationConfiguration.Error);
            return e.ExitCode;
        }
        catch (ApiException e)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"error: {e.Message}");
            return e.ExitCode;
        }
        catch (IOException e)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"error: connection lost: {e.Message}");
            return ExitCode.Unavailable;
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            return ExitCode.Success; // Ctrl-C is how watching ends, and so is a pipe that nobody reads
        }
    }
}
