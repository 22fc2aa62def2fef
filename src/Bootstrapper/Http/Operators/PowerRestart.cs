using Bootstrapper.Power;

namespace Bootstrapper.Http.Operators;

/// <summary>Has a machine boot from the network at once, for what was decided of it.</summary>
internal sealed class PowerRestart(NodeCatalog catalog, Bmcs bmcs, PowerOrders orders)
{
    /// <summary>
    /// Asks its BMC first how it is: where that does not answer, or refuses the password, nothing is decided. What cannot be
    /// taken back comes last.
    /// </summary>
    /// <param name="decide">Decides, and answers; where it refuses, nothing is restarted.</param>
    public async Task<IResult> WithAsync(string node, string? reason, HttpContext context, Func<Task<IResult>> decide)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        try
        {
            await bmcs.StateAsync(PowerEndpoints.NodeOf(machine), context.RequestAborted);
        }
        catch (PowerException e)
        {
            return PowerEndpoints.Failed(e, "nothing was changed: ");
        }

        var answer = await decide();
        if (answer is IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest })
        {
            return answer;
        }

        // whoever asked may be gone by now, and it is to be installed all the same
        var failure = await orders.CarryOutAsync(machine, "power cycle, from the network once", reason, context, async () =>
        {
            await bmcs.BootFromNetworkAsync(PowerEndpoints.NodeOf(machine), CancellationToken.None);
            return PowerEndpoints.Restarted;
        });
        return failure is null ? answer : PowerEndpoints.Failed(
            failure,
            $"{machine.Record.HostName} is to be installed when it next boots from the network, and "
                + (failure.Failure == PowerFailure.Unproven ? "may have been restarted: " : "was not restarted: "));
    }
}
