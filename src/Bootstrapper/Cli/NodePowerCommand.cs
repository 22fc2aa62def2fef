using System.CommandLine;
using Bootstrapper.Http.Operators;
using Bootstrapper.Power;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node power …</c> and <c>bootstrapper node boot …</c></summary>
internal static class NodePowerCommand
{
    /// <summary>Of requests; the daemon speaks to no more BMCs at a time either.</summary>
    private const int AtOnce = 32;

    private static readonly Listing<PowerView> Powers = new(view => view.HostName,
    [
        new("NAME", view => view.HostName),
        new("POWER", view => Word(view.Power)),
        new("MAC", view => view.Mac.ToString(), IsWide: true),
    ]);

    private static readonly Listing<PowerView> Boots = new(view => view.HostName,
    [
        new("NAME", view => view.HostName),
        new("NEXT-BOOT", view => Word(view.Boot)),
        new("MAC", view => view.Mac.ToString(), IsWide: true),
    ]);

    public static Command Power() => new("power", "Switches machines on and off by their BMCs, and says whether they are on.")
    {
        Switch(PowerChange.On, "Switches machines on. Requires the admin role."),
        Switch(PowerChange.Off, "Switches machines off at once, as if their cables were pulled. Requires the admin role."),
        Switch(PowerChange.Cycle, "Switches machines off and on again at once. Requires the admin role."),
        Each("status", "Asks the BMCs whether machines are on.", Powers, [], (_, api, node, cancellation) =>
            api.GetAsync<PowerView>($"{ApiClient.PathOf(node)}/power", cancellation)),
    };

    public static Command Boot() => new("boot", "Says what machines boot the next time.")
    {
        Device(BootDevice.Network),
        Device(BootDevice.Disk),
    };

    private static Command Switch(PowerChange change, string description)
    {
        var force = new Option<bool>("--force")
        {
            Description = "Although the machine is being installed, or etcd has no majority without it.",
        };
        return Each(
            Word<PowerChange>(change),
            description,
            Powers,
            [.. change == PowerChange.On ? Array.Empty<Option>() : [force], NodeCommand.Reason],
            (parsed, api, node, cancellation) => api.PostAsync<PowerView>(
                $"{ApiClient.PathOf(node)}/power",
                new PowerRequest(change, parsed.GetValue(NodeCommand.Reason)) { Force = parsed.GetValue(force) },
                cancellation));
    }

    private static Command Device(BootDevice device)
    {
        var once = new Option<bool>("--once")
        {
            Description = "The next time, and only then: what comes after that is for the firmware's boot order to say.",
        };
        var command = Each(
            Word<BootDevice>(device),
            $"Has machines boot from the {Word<BootDevice>(device)} the next time, by their BMCs. Requires the admin role.",
            Boots,
            [once, NodeCommand.Reason],
            (parsed, api, node, cancellation) => api.PostAsync<PowerView>(
                $"{ApiClient.PathOf(node)}/boot", new BootRequest(device, parsed.GetValue(NodeCommand.Reason)), cancellation));
        command.Validators.Add(result =>
        {
            if (!result.GetValue(once))
            {
                result.AddError("--once is required: what a machine boots for good is for its firmware's boot order to say");
            }
        });
        return command;
    }

    /// <summary>Of several, one that fails keeps none of the others from being shown.</summary>
    private static Command Each(
        string name,
        string description,
        Listing<PowerView> listing,
        IReadOnlyList<Option> options,
        Func<ParseResult, ApiClient, string, CancellationToken, Task<PowerView>> ask)
    {
        var nodes = ApiOptions.Nodes();
        return ApiOptions.Command(
            name,
            description,
            async (parsed, api, cancellation) =>
            {
                api.WaitForBmcs();
                var names = parsed.GetRequiredValue(nodes);
                var answers = new (PowerView? View, ApiException? Failure)[names.Length];
                await Parallel.ForEachAsync(
                    names.Index(),
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                    async (one, end) =>
                    {
                        try
                        {
                            answers[one.Index] = (await ask(parsed, api, one.Item, end), null);
                        }
                        catch (ApiException e)
                        {
                            answers[one.Index] = (null, e);
                        }
                    });
                Show(parsed, listing, answers);
            },
            [nodes, .. options, .. TableOptions.All]);
    }

    /// <exception cref="ApiException">The last that failed.</exception>
    private static void Show(
        ParseResult parsed, Listing<PowerView> listing, IReadOnlyList<(PowerView? View, ApiException? Failure)> answers)
    {
        if (answers.Select(answer => answer.View).OfType<PowerView>().ToList() is { Count: > 0 } views)
        {
            listing.Write(parsed, views);
        }

        var failures = answers.Select(answer => answer.Failure).OfType<ApiException>().ToList();
        foreach (var failure in failures.SkipLast(1))
        {
            parsed.InvocationConfiguration.Error.WriteLine($"error: {failure.Message}");
        }

        if (failures is [.., var last])
        {
            throw last;
        }
    }

    private static string Word<T>(T? word) => $"{word}".ToLowerInvariant();
}
