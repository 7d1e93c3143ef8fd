/** A field to draw in, and its content as MNIST has it: 20 pixels high or wide, its center of mass in the middle of 28. */
const SIZE = 28;
const BOX = 20;

/** Lets a person draw, and tells when a line is done. */
export function draw(canvas, done) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  Object.assign(context, {
    lineWidth: 22,
    lineCap: "round",
    lineJoin: "round",
  });
  context.strokeStyle = "#fff";
  let last;
  canvas.addEventListener("pointerdown", ({ offsetX, offsetY }) => {
    last = [offsetX, offsetY];
  });
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    if (last === undefined) return;
    context.beginPath();
    context.moveTo(...last);
    last = [offsetX, offsetY];
    context.lineTo(...last);
    context.stroke();
  });
  addEventListener("pointerup", () => {
    if (last === undefined) return;
    last = undefined;
    done();
  });
}

/** Where something is drawn: from and to, in each direction; nothing if the field is empty. */
function bounds(alpha, size) {
  let [left, top, right, bottom] = [size, size, -1, -1];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (alpha(x, y) === 0) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  return right < 0
    ? undefined
    : [left, top, right + 1 - left, bottom + 1 - top];
}

function alphaOf(context, size) {
  const { data } = context.getImageData(0, 0, size, size);
  return (x, y) => data[4 * (y * size + x) + 3];
}

/** The inputs of a network, 784 from 0 to 1; nothing if the field is empty. */
export function asInputs(canvas) {
  const box = bounds(
    alphaOf(canvas.getContext("2d"), canvas.width),
    canvas.width,
  );
  if (box === undefined) return undefined;
  const [left, top, width, height] = box;
  const scale = BOX / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  const small = new OffscreenCanvas(SIZE, SIZE).getContext("2d", {
    willReadFrequently: true,
  });
  small.imageSmoothingQuality = "high";
  const put = (x, y) => {
    small.clearRect(0, 0, SIZE, SIZE);
    small.drawImage(canvas, left, top, width, height, x, y, w, h);
  };
  const [x, y] = [(SIZE - w) / 2, (SIZE - h) / 2];
  put(x, y);
  let alpha = alphaOf(small, SIZE);
  let [mass, massX, massY] = [0, 0, 0];
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const value = alpha(column, row);
      mass += value;
      massX += value * (column + 0.5);
      massY += value * (row + 0.5);
    }
  }
  put(x + SIZE / 2 - massX / mass, y + SIZE / 2 - massY / mass);
  alpha = alphaOf(small, SIZE);
  return Float32Array.from(
    { length: SIZE * SIZE },
    (_, n) => alpha(n % SIZE, Math.floor(n / SIZE)) / 255,
  );
}
