/** Charts as SVG text. */
import * as echarts from "echarts";

const SIZE = { width: 760, height: 420 };

/** Draws a chart without a browser. */
function render(option: echarts.EChartsCoreOption): string {
  const chart = echarts.init(null, null, {
    renderer: "svg",
    ssr: true,
    ...SIZE,
  });
  chart.setOption({ animation: false, backgroundColor: "#ffffff", ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

/** Lines over a common x axis. */
export function lineChart(chart: {
  title: string;
  x: string;
  y: string;
  lines: readonly { name: string; points: readonly [number, number][] }[];
}): string {
  return render({
    title: { text: chart.title, left: "center" },
    legend: { orient: "vertical", right: 0, top: "middle" },
    grid: { left: 60, right: 220, top: 50, bottom: 50 },
    xAxis: {
      type: "value",
      name: chart.x,
      nameLocation: "middle",
      nameGap: 28,
      minInterval: 1,
      min: 1,
    },
    yAxis: { type: "value", name: chart.y },
    series: chart.lines.map(({ name, points }) => ({
      type: "line",
      name,
      data: points,
    })),
  });
}

/** Horizontal bars on a logarithmic scale, the first at the top. */
export function barChart(chart: {
  title: string;
  unit: string;
  bars: readonly { name: string; value: number }[];
}): string {
  return render({
    title: { text: chart.title, left: "center" },
    grid: { left: 190, right: 90, top: 50, bottom: 50 },
    xAxis: {
      type: "log",
      name: chart.unit,
      nameLocation: "middle",
      nameGap: 28,
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: chart.bars.map(({ name }) => name),
    },
    series: [{
      type: "bar",
      data: chart.bars.map(({ name, value }) => ({
        value,
        itemStyle: {
          color: name.startsWith("Lockstep") ? "#2b6cb0" : "#a0aec0",
        },
      })),
      label: { show: true, position: "right", formatter: "{c}" },
    }],
  });
}
