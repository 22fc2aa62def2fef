using System.Text;
using Bootstrapper.Cluster.Reading;
using Bootstrapper.Http.Machines;

namespace Bootstrapper.Http.Ancestors;

/// <summary>pxe_coreos gives the cloud-config of whoever asks at every path, <c>/</c> first of all.</summary>
internal static class PxeCoreosEndpoints
{
    public static IResult Answer(HttpContext context, NodeRequests requests, HostsForOperators hosts) =>
        hosts.ConfigFor(context) is { } shown ? BootAnswer.Text(shown, BootAnswer.PlainText)
        : CloudConfigEndpoints.Get(context, requests, contentType: BootAnswer.PlainText) switch
        {
            IStatusCodeHttpResult { StatusCode: StatusCodes.Status404NotFound } => Unknown(context),
            var answer => answer,
        };

    /// <summary>Word for word pxe_coreos' own, but that what was asked for is an address by now.</summary>
    private static IResult Unknown(HttpContext context)
    {
        var asked = context.Request.Query["override_ipv4"] is [{ Length: > 0 } overridden, ..]
            ? overridden
            : Client.Address(context).ToString();
        return TypedResults.Text(
            $"#cloud-config\n\n#Please add {asked} to the file [{PxeHosts.FileName}].",
            BootAnswer.PlainText,
            Encoding.UTF8,
            StatusCodes.Status404NotFound);
    }
}
