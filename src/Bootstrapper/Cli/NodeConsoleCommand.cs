using System.CommandLine;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node console NODE</c></summary>
internal static class NodeConsoleCommand
{
    private const int Output = 1, LongestBlock = 4096;

    /// <summary>For why it was closed to be printed, when nothing can be typed any more.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var node = ApiOptions.Node();
        var take = new Option<bool>("--take")
        {
            Description = "End the console first that somebody has open, or that the BMC counts as open.",
        };
        var recorded = new Option<bool>("--recorded")
        {
            Description = "Show what it printed while somebody had it open, and do not open it.",
        };
        return ApiOptions.Command(
            "console",
            """
            Opens a machine's serial console by its BMC (IPMI). Requires the admin role.

            At the beginning of a line ~. ends it, ~B sends a serial break, and ~? lists these.
            Where input or output is not a terminal it prints only.
            """,
            (parsed, api, cancellation) => parsed.GetValue(recorded)
                ? ShowAsync(parsed, api, parsed.GetRequiredValue(node), cancellation)
                : OpenAsync(
                    parsed,
                    api,
                    parsed.GetRequiredValue(node),
                    new ConsoleRequest(parsed.GetValue(take), parsed.GetValue(NodeCommand.Reason)),
                    cancellation),
            node, take, recorded, NodeCommand.Reason);
    }

    private static async Task ShowAsync(ParseResult parsed, ApiClient api, string node, CancellationToken cancellation) =>
        await parsed.InvocationConfiguration.Output.WriteLineAsync(
            await api.TextAsync($"{ApiClient.PathOf(node)}/console", cancellation));

    private static async Task OpenAsync(
        ParseResult parsed, ApiClient api, string node, ConsoleRequest request, CancellationToken cancellation)
    {
        api.WaitForBmcs();
        using var answer = await api.OpenConsoleAsync(node, request, cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var terminal = RawTerminal.Take();
        string? failure = null;
        if (terminal is not null)
        {
            Tell($"[the console of {node} is open; ~. ends it, ~? lists what else there is]\r\n");
            var id = answer.Headers.GetValues(ConsoleEndpoints.IdHeader).First();
            var typing = new ConsoleTyping(
                (keys, stop) => api.TypeAsync(node, id, keys, stop), stop => BreakAsync(api, node, id, Tell, stop), Tell);
            _ = TypeAsync(typing);
        }

        try
        {
            // A terminal that takes nothing does not keep it from ending.
            await Task.Run(
                async () => await PrintAsync(await answer.Content.ReadAsStreamAsync(ended.Token), ended.Token),
                CancellationToken.None).WaitAsync(ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // ~., Ctrl-C where that is not a key, or nothing can be typed
            if (failure is not null)
            {
                throw new ApiException(
                    ExitCode.Unavailable, $"what is typed on the console of {node} does not arrive: {failure}");
            }

            return;
        }

        throw new ApiException(ExitCode.Unavailable, $"the console of {node} was closed");

        void Tell(string text) => parsed.InvocationConfiguration.Error.Write(text);

        async Task TypeAsync(ConsoleTyping typing)
        {
            await using var keys = RawTerminal.Keys();
            failure = await typing.RunAsync(keys, ended.Token);
            try
            {
                ended.CancelAfter(failure is null ? TimeSpan.Zero : LastWords);
            }
            catch (ObjectDisposedException)
            {
                // it has ended by itself meanwhile
            }
        }
    }

    /// <summary>One that cannot be sent now can be later.</summary>
    private static async Task BreakAsync(
        ApiClient api, string node, string id, Action<string> tell, CancellationToken cancellation)
    {
        try
        {
            await api.BreakAsync(node, id, cancellation);
            tell("\r\n[a break was sent]\r\n");
        }
        catch (ApiException e) when (e.ExitCode == ExitCode.InvalidInput)
        {
            tell($"\r\n[{e.Message}]\r\n");
        }
    }

    private static async Task PrintAsync(Stream printed, CancellationToken ended)
    {
        await using var screen = new StandardStream(Output);
        var block = new byte[LongestBlock];
        for (int read; (read = await printed.ReadAsync(block, ended)) > 0;)
        {
            screen.Write(block.AsSpan(0, read));
        }
    }
}
