using Bootstrapper.Bench;
// Everything is compared within one run, because the machine this runs on is never quiet.
if (args is ["renderings"])
{
    Console.WriteLine(Renderings.Take(nodes: 10));
    Console.WriteLine(Renderings.Take(nodes: 10_000));
    return 0;
}

if (args is ["configs", .. var programs])
{
    await Configs.TakeAsync(programs.Length > 0 ? programs : [RunningDaemon.Own]);
    return 0;
}

if (args is ["matchbox", var matchbox, .. var besideIt])
{
    await Matchbox.TakeAsync(matchbox, besideIt is [var program, ..] ? program : RunningDaemon.Own);
    return 0;
}

if (args is ["listings", .. var listing])
{
    await Listings.TakeAsync(listing.Length > 0 ? listing : [RunningDaemon.Own]);
    return 0;
}

if (args is ["storm", .. var options])
{
    return await Storms.TakeAsync(options);
}

var small = await Measurement.TakeAsync(nodes: 10, httpPort: 18080);
var large = await Measurement.TakeAsync(nodes: 10_000, httpPort: 18090);
Console.WriteLine($"{"nodes",8} {"check s",8} {"start s",8} {"cloud-config us",16} {"daemon MiB",11}");
foreach (var measurement in new[] { small, large })
{
    Console.WriteLine(measurement);
}

Console.WriteLine(
    $"a request with 10,000 nodes costs {large.RequestMicroseconds / small.RequestMicroseconds:F2} times one with 10");
return 0;
